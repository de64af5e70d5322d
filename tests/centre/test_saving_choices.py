"""B11: the customer takes charge, and what they choose is what is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import DeliveryEvent
from outreach.preferences.choices import choices_of, is_stopped, paused_until
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import (
    Act,
    ConsentRecord,
    Objection,
    Pause,
    Source,
    Suppression,
    Topic,
)
from outreach.preferences.pause import pause
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from tests.builders import address_of, make_recipient, make_topic, subscribe
from tests.centre.form_on_page import open_form
from tests.centre.messages import all_rows, make_message, preferences_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def tastings() -> Topic:
    return make_topic("Tastings and visits", slug="tastings", position=1)


@pytest.fixture
def vintages() -> Topic:
    return make_topic("New vintages", slug="vintages", position=2, description="Twice a year")


@pytest.fixture
def maria(tastings: Topic) -> Recipient:
    maria = make_recipient("maria@example.com", "Maria Bruno")
    subscribe(maria, tastings)
    return maria


@pytest.fixture
def path(maria: Recipient, tastings: Topic) -> str:
    return preferences_path(make_message(maria, topic=tastings))


def wanted(recipient: Recipient) -> dict[str, dict[str, bool]]:
    return {choice.topic.slug: choice.wanted for choice in choices_of(recipient)}


def give_phone(recipient: Recipient, number: str = "+393331234567") -> Address:
    address, _new = Address.objects.get_or_create(
        channel=Channel.SMS, value=number, value_hash=number, normaliser=1
    )
    RecipientAddress.objects.create(recipient=recipient, address=address, channel=Channel.SMS)
    return address


def test_the_page_shows_what_is_so(client: Client, path: str, vintages: Topic) -> None:
    form = open_form(client, path)
    assert form.offered == ["tastings:email", "vintages:email"]
    assert form.ticked == {"tastings:email"}


def test_a_topic_is_dropped(client: Client, path: str, maria: Recipient) -> None:
    form = open_form(client, path)
    form.ticked.clear()
    page = form.save()

    assert wanted(maria) == {"tastings": {"email": False}}
    assert "From now on you get no messages from us" in page
    record = ConsentRecord.objects.latest("pk")
    assert (record.act, record.source) == (Act.WITHDRAW, Source.PREFERENCE_PAGE)
    assert record.address == address_of(maria)
    assert record.in_which_words == (
        "Tastings and visits: Invitations to taste with us, about once a month"
    )
    assert DeliveryEvent.objects.get().kind == DeliveryEvent.Kind.UNSUBSCRIBED


def test_a_topic_is_added_and_the_answer_says_so_in_words(
    client: Client, path: str, maria: Recipient, vintages: Topic
) -> None:
    form = open_form(client, path)
    form.ticked.add("vintages:email")
    page = form.save()

    assert wanted(maria) == {"tastings": {"email": True}, "vintages": {"email": True}}
    assert "Saved." in page
    assert "hear from us about “Tastings and visits” and “New vintages”, by e-mail." in page
    assert ConsentRecord.objects.latest("pk").in_which_words == "New vintages: Twice a year"
    assert not DeliveryEvent.objects.exists()


def test_saving_without_a_change_writes_nothing(client: Client, path: str) -> None:
    before = all_rows()
    page = open_form(client, path).save()
    assert all_rows() == before
    assert "From now on you hear from us about “Tastings and visits”, by e-mail." in page


def test_only_what_changed_is_written(client: Client, path: str, vintages: Topic) -> None:
    before = ConsentRecord.objects.count()
    form = open_form(client, path)
    form.ticked.add("vintages:email")
    form.save()
    assert ConsentRecord.objects.count() == before + 1


def test_saying_it_twice_is_kept_once(client: Client, path: str, vintages: Topic) -> None:
    form = open_form(client, path)
    form.ticked.add("vintages:email")
    form.save()
    before = all_rows()
    form.save()
    assert all_rows() == before


def test_an_old_page_does_not_undo_a_choice_made_since(
    client: Client, path: str, maria: Recipient, tastings: Topic, vintages: Topic
) -> None:
    """The strictest wins: only the boxes that the person touched are written."""
    form = open_form(client, path)
    withdraw(maria, [tastings], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    form.ticked.add("vintages:email")
    form.save()
    assert wanted(maria) == {"tastings": {"email": False}, "vintages": {"email": True}}


def test_what_was_added_since_the_page_was_opened_stays(
    client: Client, path: str, maria: Recipient, vintages: Topic
) -> None:
    form = open_form(client, path)
    grant(maria, [vintages], channel="email", source=Source.PHONE, by=SYSTEM)
    form.save()
    assert wanted(maria)["vintages"] == {"email": True}


@pytest.mark.parametrize(
    "key", ["nothing:email", "orders:email", "vintages:sms", "vintages", ":", "", "\x00", "é" * 900]
)
def test_what_is_not_on_offer_is_not_written(
    client: Client, path: str, vintages: Topic, key: str
) -> None:
    make_topic("Your orders", slug="orders", purpose="routine")
    form = open_form(client, path)
    before = all_rows()
    form.ticked.add(key)
    form.shown.append(key)
    form.save()
    form.shown.remove(key)
    form.save()
    assert all_rows() == before


@pytest.mark.parametrize("days", [30, 60, 90])
def test_a_break_is_taken_and_ended(client: Client, path: str, maria: Recipient, days: int) -> None:
    form = open_form(client, path)
    with time_machine.travel("2025-05-04 10:00 +0000", tick=False):
        page = form.press(do="break", days=str(days))
        until = paused_until(maria)
        assert until == timezone.now() + timedelta(days=days)
        assert "You are taking a break until" in page
        assert "After that you hear from us about “Tastings and visits”, by e-mail." in page
        assert Pause.objects.get().source == Source.PREFERENCE_PAGE
        assert "From now on you hear from us" in form.press(do="end-break")
        assert paused_until(maria) is None


def test_a_break_shows_until_when_on_the_persons_own_calendar(client: Client) -> None:
    zita = make_recipient(time_zone="Asia/Tokyo")
    pause(
        zita,
        until=datetime(2999, 6, 3, 20, tzinfo=UTC),
        source=Source.PREFERENCE_PAGE,
        by=CUSTOMER,
    )
    page = client.get(preferences_path(make_message(zita))).content.decode()
    assert "until June 4, 2999" in page


def test_everything_is_stopped_and_begun_again(client: Client, path: str, maria: Recipient) -> None:
    form = open_form(client, path)
    for _press in range(2):
        page = form.press(do="stop")
    stop = Suppression.objects.get()
    assert (stop.recipient, stop.address, stop.channel) == (maria, address_of(maria), "")
    assert is_stopped(maria)
    assert "You get no messages from us, except about what you order or book" in page
    assert "Write to me again" in page
    assert open_form(client, path).offered == []

    for _press in range(2):
        page = form.press(do="return")
    assert not is_stopped(maria)
    assert "From now on you hear from us about “Tastings and visits”, by e-mail." in page
    assert open_form(client, path).ticked == {"tastings:email"}


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint", "manual", "host_flag"])
def test_a_stop_for_another_reason_is_said_and_not_lifted_here(
    client: Client, path: str, maria: Recipient, reason: str
) -> None:
    suppress(reason=reason, by=SYSTEM, address=address_of(maria))
    form = open_form(client, path)
    page = form.press(do="return")

    assert Suppression.objects.get().lifted_at is None
    assert "At present we send you no messages." in page
    assert "Anna Bianchi can put that right" in page
    assert "Write to me again" not in page
    assert form.offered == ["tastings:email"] or form.offered == []


def test_a_stop_on_another_channel_leaves_the_page_as_it_is(
    client: Client, path: str, maria: Recipient
) -> None:
    suppress(reason="complaint", by=SYSTEM, recipient=maria, channel=Channel.SMS)
    assert open_form(client, path).offered == ["tastings:email"]


def test_another_channel_is_offered_where_the_person_can_be_reached(
    client: Client, path: str, maria: Recipient
) -> None:
    assert open_form(client, path).offered == ["tastings:email"]
    give_phone(maria)
    form = open_form(client, path)
    assert form.offered == ["tastings:email", "tastings:sms"]
    form.ticked.add("tastings:sms")
    assert "about “Tastings and visits”, by e-mail, by SMS." in form.save()


def test_a_refusal_on_another_channel_binds_the_address_of_that_channel(
    client: Client, path: str, maria: Recipient, tastings: Topic
) -> None:
    phone = give_phone(maria)
    subscribe(maria, tastings, channel=Channel.SMS)
    form = open_form(client, path)
    form.ticked.remove("tastings:sms")
    form.save()
    assert wanted(maria) == {"tastings": {"email": True, "sms": False}}
    assert Objection.objects.get().address == phone


def test_a_wish_takes_back_no_refusal_at_an_address_the_link_does_not_prove(
    client: Client, path: str, maria: Recipient, tastings: Topic
) -> None:
    other = make_recipient()
    phone = give_phone(other)
    withdraw(other, [tastings], channel="sms", source=Source.PHONE, by=SYSTEM, address=phone)
    give_phone(maria)
    form = open_form(client, path)
    form.ticked.add("tastings:sms")
    form.save()
    assert Objection.objects.get().address == phone
