"""Before a wish is over its person is asked whether it goes on: once, in time, and politely."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences import lapse, renewal
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import RenewalRequest, Source, Suppression, Topic
from outreach.preferences.pause import pause
from outreach.preferences.renewal import mark_asked, renewals_due
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel, Recipient
from tests.builders import address_of, make_actor, make_recipient, make_topic, make_user

pytestmark = pytest.mark.django_db
BEGAN = datetime.fromisoformat("2026-03-01T12:00:00+01:00")
SOON = BEGAN + timedelta(days=335)
"""A year and thirty days before its end."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def topic() -> Topic:
    return make_topic(valid_for=365)


@pytest.fixture
def maria(clock: time_machine.Traveller, topic: Topic) -> Recipient:
    """She asked a year ago but thirty days, for a year."""
    maria = make_recipient()
    wish(maria, topic)
    clock.move_to(SOON)
    return maria


def wish(person: Recipient, topic: Topic) -> None:
    grant(person, [topic], channel=Channel.EMAIL, source=Source.FORM, by=CUSTOMER)


def due() -> list[Recipient]:
    renewal.sweep()
    return [each.record.recipient for each in renewals_due()]


def test_whose_wish_is_about_to_be_over_is_asked_in_time(
    maria: Recipient, clock: time_machine.Traveller
) -> None:
    clock.move_to(SOON - timedelta(seconds=1))
    assert due() == []
    clock.move_to(SOON)
    assert due() == [maria]
    assert renewal.sweep() == 0


def test_a_person_is_asked_once(maria: Recipient) -> None:
    assert due() == [maria]
    first, again = RenewalRequest.objects.get(), RenewalRequest.objects.get()
    assert mark_asked(first, by=make_actor())
    assert not mark_asked(again, by=make_actor("piotr"))
    assert due() == []
    assert history_of(maria)[0].verb == "consent.renewal_asked"
    assert RenewalRequest.objects.get().asked_by == "Anna"


def test_the_database_holds_one_request_for_a_wish(maria: Recipient) -> None:
    due()
    with pytest.raises(IntegrityError):
        RenewalRequest.objects.create(record=RenewalRequest.objects.get().record)


def test_whoever_renewed_by_themselves_is_not_asked(
    maria: Recipient, topic: Topic, clock: time_machine.Traveller
) -> None:
    assert due() == [maria]
    wish(maria, topic)
    assert due() == []
    assert not mark_asked(RenewalRequest.objects.get(), by=SYSTEM)
    clock.move_to(SOON + timedelta(days=335))
    assert due() == [maria], "the new wish has an end of its own"
    assert RenewalRequest.objects.count() == 2


def test_nobody_is_asked_who_wants_to_be_left_alone(
    maria: Recipient, topic: Topic, clock: time_machine.Traveller
) -> None:
    stopped, held, resting, refused = (make_recipient() for _number in range(4))
    clock.move_to(BEGAN)
    for person in (stopped, held, resting, refused):
        wish(person, topic)
    clock.move_to(SOON)
    suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=stopped)
    suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(held))
    pause(resting, until=SOON + timedelta(days=9), source=Source.PHONE, by=SYSTEM)
    withdraw(refused, [topic], channel=Channel.EMAIL, source=Source.PHONE, by=SYSTEM)
    assert due() == [maria]
    clock.move_to(SOON + timedelta(days=10))
    assert due() == [maria, resting]


def test_who_said_yes_a_moment_ago_is_not_asked_again_at_once(
    clock: time_machine.Traveller,
) -> None:
    maria, topic = make_recipient(), make_topic(valid_for=10)
    wish(maria, topic)
    clock.move_to(BEGAN + timedelta(days=9))
    assert due() == []


def test_what_is_over_is_over(maria: Recipient, clock: time_machine.Traveller) -> None:
    due()
    clock.move_to(SOON + timedelta(days=31))
    assert due() == []
    lapse.sweep()
    assert due() == []
    assert not mark_asked(RenewalRequest.objects.get(), by=SYSTEM)


def test_staff_see_whom_to_ask_and_note_that_they_have(maria: Recipient, client: Client) -> None:
    due()
    client.force_login(
        make_user(
            "anna", "outreach.view_renewalrequest", "outreach.change_renewalrequest",
            "outreach.view_recipient",
        )
    )  # fmt: skip
    address = reverse("admin:outreach_renewalrequest_changelist")
    page = client.get(address, {"state": "due"})
    assert reverse("admin:outreach_recipient_change", args=[maria.pk]) in page.content.decode()
    row = RenewalRequest.objects.get()
    form = {"action": "note_asked", "_selected_action": [row.pk]}
    assert "Noted for 1 person" in client.post(address, form, follow=True).content.decode()
    assert "Noted for 0 people" in client.post(address, form, follow=True).content.decode()
    for state, shown in {"due": 0, "asked": 1, "done": 0}.items():
        page = client.get(address, {"state": state})
        assert page.context["cl"].result_count == shown


def test_who_may_only_look_notes_nothing(maria: Recipient, client: Client) -> None:
    due()
    client.force_login(make_user("bruno", "outreach.view_renewalrequest"))
    address = reverse("admin:outreach_renewalrequest_changelist")
    form = {"action": "note_asked", "_selected_action": [RenewalRequest.objects.get().pk]}
    client.post(address, form)
    assert RenewalRequest.objects.get().asked_at is None
