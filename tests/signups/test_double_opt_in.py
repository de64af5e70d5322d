"""B7, C3: nobody is a person of ours before the mailbox itself has said yes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.preferences.models import ConsentRecord, Source
from outreach.recipients.models import Address, Recipient
from outreach.signups import expire, mails
from outreach.signups.models import SignUp
from tests.builders import make_recipient, make_topic
from tests.signups.making import (
    MARIA,
    WORDS,
    confirm_path,
    fill_in,
    go_through,
    link_in,
    mail_of,
    make_form,
    sign_up,
)

pytestmark = pytest.mark.django_db


def test_b7_from_the_form_to_somebody_who_may_be_written_to(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    topic = make_topic()
    form = make_form(topic)
    assert "Now look at your mail" in fill_in(client, form, given_name="Maria").content.decode()
    assert mails.sweep() == 1
    path = link_in(mail_of(outbox))
    assert "Shall we write to you?" in client.get(path).content.decode()
    assert not Recipient.objects.exists()
    assert not Address.objects.exists()

    assert "From now on you hear from us" in client.post(path, {"do": "confirm"}).content.decode()
    person = Recipient.objects.get()
    assert (person.name, person.given_name, person.language) == ("Maria", "Maria", "en")
    assert may_contact(person, topic, "email").is_allowed


def test_b7_the_words_and_their_version_are_the_proof(client: Client) -> None:
    topic = make_topic("Tastings", description="About once a month")
    form = make_form(topic, name="On our site")
    row = go_through(client, form)
    record = ConsentRecord.objects.select_related("evidence").get()
    assert (record.source, record.address) == (Source.FORM, row.address)
    words = record.wording
    assert words is not None
    assert words.text == record.in_which_words == f"{WORDS}\nTastings: About once a month"
    assert (words.language, words.version) == ("en", f"1 of {form.slug}")
    assert record.evidence.wording == "", "nothing of it is the person's own"
    assert record.evidence.note == "On our site, version 1; confirmed from the mailbox"


def test_what_was_typed_stands_with_the_person_and_nowhere_else(client: Client) -> None:
    row = go_through(client, make_form(), given_name="Maria", family_name="Rossi")
    assert (row.address_value, row.address_hash, row.given_name) == ("", "", "")
    assert row.recipient is not None
    assert row.recipient.name == "Maria Rossi"


def test_a_person_who_is_known_is_the_same_person(client: Client) -> None:
    maria = make_recipient(MARIA)
    assert go_through(client, make_form(), email=" MARIA@Example.com ").recipient == maria
    assert Recipient.objects.count() == 1


def test_of_two_who_share_an_address_the_one_of_that_name_is_meant(client: Client) -> None:
    make_recipient(MARIA, "Piero Rossi")
    zita = make_recipient(MARIA, "Zita Bruno")
    form = make_form()
    named = go_through(client, form, given_name="Zita", family_name="Bruno")
    assert named.recipient == zita
    somebody = go_through(client, form, given_name="Ugo")
    assert somebody.recipient is not None
    assert somebody.recipient.name == "Ugo"
    assert Recipient.objects.count() == 3


def test_one_message_and_no_second(client: Client, outbox: list[EmailMultiAlternatives]) -> None:
    form = make_form()
    for _press in range(3):
        sign_up(client, form)
    for _sweep in range(3):
        mails.sweep()
    assert len(outbox) == 1
    states = list(SignUp.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["pending", "ignored", "ignored"]


def test_who_asks_for_something_else_gets_a_message_about_that(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    tastings, vintages = make_topic(), make_topic("New vintages")
    form = make_form(tastings, vintages)
    sign_up(client, form, topic=[tastings.slug])
    sign_up(client, form, topic=[vintages.slug])
    mails.sweep()
    assert len(outbox) == 2


def test_pressing_twice_says_the_same_and_writes_once(client: Client) -> None:
    row = go_through(client, make_form())
    again = client.post(confirm_path(row), {"do": "confirm"})
    assert "From now on you hear from us" in again.content.decode()
    assert ConsentRecord.objects.count() == 1


def test_too_late_is_too_late_and_the_address_is_forgotten(client: Client) -> None:
    row = sign_up(client, make_form(), given_name="Maria")
    mails.sweep()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        late = client.post(confirm_path(row), {"do": "confirm"})
        assert late.status_code == 410
        assert "Nothing more is sent" in late.content.decode()
        assert expire.sweep() >= 1
        row.refresh_from_db()
        assert client.get(confirm_path(row)).status_code == 410
    assert row.state == SignUp.State.EXPIRED
    assert (row.address_value, row.address_hash, row.given_name) == ("", "", "")
    assert not Recipient.objects.exists()


def test_whoever_did_not_ask_has_the_address_forgotten_at_once(client: Client) -> None:
    row = sign_up(client, make_form())
    page = client.post(confirm_path(row), {"do": "forget"})
    assert page.status_code == 410
    row.refresh_from_db()
    assert (row.state, row.address_value) == (SignUp.State.EXPIRED, "")
    mails.sweep()
    assert not SignUp.objects.filter(mailed_at__isnull=False).exists()


def test_the_way_back_is_on_the_same_page(client: Client) -> None:
    topic = make_topic()
    row = go_through(client, make_form(topic))
    for _press in range(2):
        page = client.post(confirm_path(row), {"do": "stop"}).content.decode()
        assert "We write to you no more about this." in page
    assert row.recipient is not None
    assert not may_contact(row.recipient, topic, "email").is_allowed
    assert ConsentRecord.objects.count() == 2


def test_a_provider_who_is_away_is_tried_again(
    client: Client, outbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sign_up(client, make_form())

    def away(*args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", away)
        mails.sweep()
    row.refresh_from_db()
    assert (row.claimed_at, row.mailed_at, row.detail) == (None, None, "ConnectionRefusedError")
    mails.sweep()
    assert len(outbox) == 1


def test_a_message_whose_end_nobody_saw_is_not_sent_again(
    client: Client, outbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client, make_form())

    def lost(*args: object) -> int:
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", lost)
        mails.sweep()
    mails.sweep()
    assert not outbox
