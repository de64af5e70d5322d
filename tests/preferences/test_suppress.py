import pytest
from django.db import IntegrityError

from outreach.exceptions import Conflict, Refused
from outreach.history.actor import SYSTEM
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import lift, suppress
from tests.builders import address_of, make_actor, make_recipient

pytestmark = pytest.mark.django_db
Reason = Suppression.Reason


def test_b2_a_cause_is_held_once() -> None:
    maria = make_recipient()
    first = suppress(reason=Reason.COMPLAINT, by=SYSTEM, recipient=maria)
    assert first is not None
    assert suppress(reason=Reason.COMPLAINT, by=SYSTEM, recipient=maria) is None
    assert suppress(reason=Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(maria)) is not None
    assert Suppression.objects.count() == 2


def test_a_stop_is_lifted_with_a_reason_only() -> None:
    stop = suppress(reason=Reason.MANUAL, by=SYSTEM, recipient=make_recipient())
    assert stop is not None
    with pytest.raises(Refused):
        lift(stop, by=make_actor(), why="  ")
    lift(stop, by=make_actor(), why="She called and asked for it")
    stop.refresh_from_db()
    assert stop.lifted_at is not None
    with pytest.raises(Conflict):
        lift(stop, by=make_actor(), why="again")


def test_after_a_lift_the_same_cause_stops_again() -> None:
    maria = make_recipient()
    stop = suppress(reason=Reason.HARD_BOUNCE, by=SYSTEM, recipient=maria)
    assert stop is not None
    lift(stop, by=make_actor(), why="corrected")
    assert suppress(reason=Reason.HARD_BOUNCE, by=SYSTEM, recipient=maria) is not None


def test_a_stop_binds_somebody() -> None:
    with pytest.raises(ValueError, match="binds"):
        suppress(reason=Reason.MANUAL, by=SYSTEM)
    with pytest.raises(IntegrityError):
        Suppression.objects.create(reason=Reason.MANUAL, live_key="x")
