"""B12, C3: what a press in the mailbox takes back, and what it never does."""

import pytest
from django.test import Client
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Objection, Source, Suppression, Topic
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Address, ContactLink, Recipient
from outreach.signups import mails
from tests.builders import address_of, make_recipient, make_topic
from tests.signups.making import MARIA, confirm_path, go_through, make_form, sign_up

pytestmark = pytest.mark.django_db


def refuse(person: Recipient, topic: Topic) -> None:
    withdraw(
        person,
        [topic],
        channel="email",
        source=Source.ONE_CLICK,
        by=CUSTOMER,
        address=address_of(person),
    )


def reasons(person: Recipient | None, topic: Topic) -> list[str]:
    assert person is not None
    return [rule.code for rule in may_contact(person, topic, "email").refused_by]


def test_what_a_person_refused_they_may_ask_for_again(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    refuse(maria, topic)
    go_through(client, make_form(topic))
    assert reasons(maria, topic) == []
    assert not Objection.objects.exists()


def test_another_topic_stays_refused(client: Client) -> None:
    maria, topic, other = make_recipient(MARIA), make_topic(), make_topic()
    refuse(maria, other)
    go_through(client, make_form(topic))
    assert reasons(maria, topic) == []
    assert "opted_out" in reasons(maria, other)


def test_what_somebody_else_refused_at_the_address_stays_refused(client: Client) -> None:
    piero, topic = make_recipient(MARIA, "Piero Bruno"), make_topic()
    maria = make_recipient(MARIA, "Maria Rossi")
    refuse(piero, topic)
    row = go_through(client, make_form(topic), given_name="Maria", family_name="Rossi")
    assert row.recipient == maria
    assert Objection.objects.get().record.recipient == piero
    assert reasons(maria, topic) == ["opted_out"]
    assert "Your wish is kept" in client.get(confirm_path(row)).content.decode()


def test_who_stopped_everything_is_told_that_it_ends_and_ends_it(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    suppress(reason="unsubscribed", by=CUSTOMER, recipient=maria, address=address_of(maria))
    row = sign_up(client, make_form(topic))
    mails.sweep()
    page = client.get(confirm_path(row)).content.decode()
    assert "Some time ago we were asked to stop all messages to you." in page
    assert Suppression.objects.get().lifted_at is None
    client.post(confirm_path(row), {"do": "confirm"})
    stop = Suppression.objects.get()
    assert stop.lift_reason == "Signed up again, and said so from this mailbox."
    assert reasons(maria, topic) == []


def test_nobody_ends_what_somebody_else_stopped(client: Client) -> None:
    piero, topic = make_recipient(MARIA, "Piero Bruno"), make_topic()
    maria = make_recipient(MARIA, "Maria Rossi")
    suppress(reason="unsubscribed", by=CUSTOMER, recipient=piero, address=address_of(piero))
    row = go_through(client, make_form(topic), given_name="Maria", family_name="Rossi")
    assert row.recipient == maria
    assert reasons(maria, topic) == ["stopped"]
    assert "Your wish is kept" in client.get(confirm_path(row)).content.decode()


@pytest.mark.parametrize("reason", ["complaint", "manual"])
def test_a_complaint_and_a_stop_by_staff_are_not_lifted_by_a_form(
    client: Client, reason: str
) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    row = sign_up(client, make_form(topic))
    mails.sweep()
    suppress(reason=reason, by=SYSTEM, address=address_of(maria))
    page = client.post(confirm_path(row), {"do": "confirm"}).content.decode()
    assert "Your wish is kept" in page
    assert "Anna Bianchi can put that right" in page
    assert reasons(maria, topic) == ["suppressed"]


def test_a_press_in_the_mailbox_proves_that_it_is_there(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    suppress(reason="hard_bounce", by=SYSTEM, address=address_of(maria))
    go_through(client, make_form(topic))
    assert reasons(maria, topic) == []


def test_a_mark_in_the_crm_is_the_crms_to_take_away(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    ContactLink.objects.create(
        source="crm.contact",
        model_label="crm.Contact",
        contact_key="1",
        recipient=maria,
        is_opted_out=True,
    )
    row = go_through(client, make_form(topic))
    assert "host_opt_out" in reasons(maria, topic)
    assert "Your wish is kept" in client.get(confirm_path(row)).content.decode()


def test_b12_whoever_was_erased_comes_as_somebody_new(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    address = address_of(maria)
    suppress(reason="erased", by=CUSTOMER, recipient=maria, address=address)
    Recipient.objects.update(erased_at=timezone.now(), name="")
    Address.objects.update(value="")

    row = go_through(client, make_form(topic), given_name="Maria")
    assert row.recipient not in (None, maria)
    assert row.address == address
    assert reasons(row.recipient, topic) == []
    assert "erased" in reasons(maria, topic)
    assert ConsentRecord.objects.get().recipient == row.recipient


def test_b12_without_their_own_hand_the_erased_stay_where_nothing_reaches_them(
    client: Client,
) -> None:
    maria, topic = make_recipient(MARIA), make_topic(opt_in="single")
    suppress(reason="erased", by=CUSTOMER, recipient=maria, address=address_of(maria))
    Recipient.objects.update(erased_at=timezone.now(), name="")
    sign_up(client, make_form(topic))
    mails.sweep()
    assert Suppression.objects.get().lifted_at is None
    assert Recipient.objects.count() == 1


def test_whoever_the_crm_has_no_more_comes_as_somebody_new(client: Client) -> None:
    maria, topic = make_recipient(MARIA), make_topic()
    refuse(maria, topic)
    ContactLink.objects.create(
        source="crm.contact",
        model_label="crm.Contact",
        contact_key="1",
        recipient=maria,
        gone_at=timezone.now(),
    )
    row = go_through(client, make_form(topic))
    assert row.recipient != maria
    assert reasons(row.recipient, topic) == []
