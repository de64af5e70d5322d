import pytest

from outreach.calendars.make_default import make_default
from outreach.calendars.models import BusinessCalendar
from outreach.history.actor import Actor
from outreach.history.record import history_of

pytestmark = pytest.mark.django_db

ANNA = Actor(key="1", name="Anna Bianchi")


def test_the_default_moves_and_is_on_record() -> None:
    first, second = (BusinessCalendar.objects.create(name=name) for name in ("First", "Second"))
    elsewhere = BusinessCalendar.objects.create(name="First", tenant="south", is_default=True)
    assert make_default(first, by=ANNA)
    assert make_default(second, by=ANNA)
    assert BusinessCalendar.objects.default_for("") == second
    assert BusinessCalendar.objects.default_for("south") == elsewhere
    assert [entry.actor_name for entry in history_of(second)] == ["Anna Bianchi"]


def test_choosing_the_default_again_changes_nothing() -> None:
    first = BusinessCalendar.objects.create(name="First", is_default=True)
    assert not make_default(first, by=ANNA)
    assert not history_of(first).exists()


def test_a_calendar_that_was_deleted_meanwhile_takes_nothing_away() -> None:
    first = BusinessCalendar.objects.create(name="First", is_default=True)
    gone = BusinessCalendar.objects.create(name="Gone")
    BusinessCalendar.objects.filter(pk=gone.pk).delete()
    with pytest.raises(BusinessCalendar.DoesNotExist):
        make_default(gone, by=ANNA)
    assert BusinessCalendar.objects.default_for("") == first
