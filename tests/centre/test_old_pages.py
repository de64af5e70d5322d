"""A form may come twice, or hours late: nobody's refusal is undone by it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.choices import is_stopped, paused_until
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Objection, Pause, Source, Suppression
from outreach.preferences.pause import pause, resume
from tests.builders import address_of
from tests.centre.form_on_page import PreferenceForm, open_form
from tests.centre.messages import all_rows
from tests.centre.people import Maria, make_maria

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria() -> Maria:
    return make_maria()


@pytest.fixture
def form(client: Client, maria: Maria) -> PreferenceForm:
    return open_form(client, maria.path)


def refuse(maria: Maria) -> None:
    withdraw(
        maria.person,
        [maria.vintages],
        channel="email",
        source=Source.ONE_CLICK,
        by=CUSTOMER,
        address=address_of(maria.person),
    )


def test_a_form_sent_again_does_not_undo_a_refusal_made_since(
    maria: Maria, form: PreferenceForm
) -> None:
    form.ticked.add("vintages:email")
    form.save()
    refuse(maria)
    page = form.save()
    assert maria.wants()["vintages"] == {"email": False}
    assert Objection.objects.exists()
    assert "Not everything was changed." in page
    assert "it stays refused" in page
    assert "only about “Tastings and visits”, by e-mail." in page


def test_the_rest_of_such_a_form_is_done(maria: Maria, form: PreferenceForm) -> None:
    refuse(maria)
    form.ticked = {"vintages:email"}
    page = form.save()
    assert maria.wants() == {"tastings": {"email": False}, "vintages": {"email": False}}
    assert "From now on you get no messages" in page


def test_whoever_sees_the_refusal_can_change_their_mind(client: Client, maria: Maria) -> None:
    refuse(maria)
    form = open_form(client, maria.path)
    form.ticked.add("vintages:email")
    assert "Not everything" not in form.save()
    assert maria.wants()["vintages"] == {"email": True}


@pytest.mark.parametrize("as_of", ["", "yesterday", "2026-13-01", "2026-01-01T00:00:00", "\x00"])
def test_a_form_that_does_not_say_how_old_it_is_undoes_no_refusal(
    maria: Maria, form: PreferenceForm, as_of: str
) -> None:
    refuse(maria)
    form.as_of = as_of
    form.ticked.add("vintages:email")
    assert "Not everything was changed." in form.save()
    assert maria.wants()["vintages"] == {"email": False}


def test_an_old_return_does_not_lift_a_newer_stop(
    client: Client, maria: Maria, form: PreferenceForm
) -> None:
    form.press(do="stop")
    old = form.as_of
    form.press(do="return")
    form.press(do="stop")
    form.as_of = old
    assert "Not everything was changed." in form.press(do="return")
    assert is_stopped(maria.person)
    assert Suppression.objects.filter(lifted_at__isnull=True).count() == 1


def test_an_old_end_does_not_end_a_newer_break(maria: Maria, form: PreferenceForm) -> None:
    form.press(do="break", days="30")
    old = form.as_of
    form.press(do="end-break")
    form.press(do="break", days="60")
    until = paused_until(maria.person)
    form.as_of = old
    assert "Not everything was changed." in form.press(do="end-break")
    assert paused_until(maria.person) == until


def test_a_short_break_does_not_cut_a_long_one_short(maria: Maria, form: PreferenceForm) -> None:
    until = timezone.now() + timedelta(days=300)
    pause(maria.person, until=until, source=Source.PHONE, by=SYSTEM)
    form.press(do="break", days="30")
    assert paused_until(maria.person) == until


def test_a_break_that_is_over_is_no_bar(maria: Maria, form: PreferenceForm) -> None:
    pause(
        maria.person,
        until=timezone.now() + timedelta(days=300),
        source=Source.PHONE,
        by=SYSTEM,
    )
    resume(maria.person, by=SYSTEM)
    form.press(do="break", days="30")
    assert paused_until(maria.person) is not None
    assert Pause.objects.count() == 2


@pytest.mark.parametrize("do", ["stop", "end-break", "return"])
def test_pressed_twice_it_is_done_once(client: Client, maria: Maria, do: str) -> None:
    form = open_form(client, maria.path)
    form.press(do=do)
    before = all_rows()
    form.press(do=do)
    assert all_rows() == before
