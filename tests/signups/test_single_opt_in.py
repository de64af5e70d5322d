"""Where a topic says so a form is enough; never where anybody there has said no before."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Source
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from outreach.signups import mails
from outreach.signups.models import SignUp
from tests.builders import address_of, make_recipient, make_topic
from tests.signups.making import MARIA, link_in, mail_of, make_form, sign_up

pytestmark = pytest.mark.django_db


def test_it_counts_at_once_and_a_welcome_brings_the_way_out(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    topic = make_topic(opt_in="single")
    sign_up(client, make_form(topic))
    assert not Recipient.objects.exists()
    mails.sweep()
    person = Recipient.objects.get()
    assert may_contact(person, topic, "email").is_allowed

    message = mail_of(outbox)
    assert message.subject == "You hear from Cantina Rossi now"
    path = link_in(message)
    headers = message.extra_headers
    assert headers["List-Unsubscribe"].endswith(f"{path}>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies, "Location" in answer) == (200, {}, False)
    assert not may_contact(person, topic, "email").is_allowed
    assert ConsentRecord.objects.latest("pk").source == Source.ONE_CLICK


def test_it_is_not_said_to_be_proved_by_the_mailbox(client: Client) -> None:
    sign_up(client, make_form(make_topic(opt_in="single"), name="Fair"))
    mails.sweep()
    evidence = ConsentRecord.objects.select_related("evidence").get().evidence
    assert evidence.note == "Fair, version 1"


def test_one_topic_that_asks_the_mailbox_is_enough_to_ask_it(
    client: Client, outbox: list[EmailMultiAlternatives]
) -> None:
    sign_up(client, make_form(make_topic(opt_in="single"), make_topic()))
    mails.sweep()
    assert mail_of(outbox).subject == "May Cantina Rossi write to you?"
    assert not Recipient.objects.exists()


@pytest.mark.parametrize("what", ["refused", "unsubscribed", "hard_bounce"])
def test_c3_after_a_no_the_mailbox_is_asked(
    client: Client, outbox: list[EmailMultiAlternatives], what: str
) -> None:
    """Anybody can type an address: that takes back nothing."""
    maria, topic = make_recipient(MARIA), make_topic(opt_in="single")
    address = address_of(maria)
    if what == "refused":
        withdraw(maria, [topic], channel="email", source=Source.PHONE, by=SYSTEM, address=address)
    else:
        suppress(reason=what, by=CUSTOMER, recipient=maria, address=address)
    sign_up(client, make_form(topic))
    mails.sweep()
    assert mail_of(outbox).subject == "May Cantina Rossi write to you?"
    assert not may_contact(maria, topic, "email").is_allowed
    assert SignUp.objects.get().state == SignUp.State.PENDING


def test_a_welcome_that_could_not_go_is_sent_later(
    client: Client, outbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up(client, make_form(make_topic(opt_in="single")))

    def away(*args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", away)
        mails.sweep()
    assert not outbox
    mails.sweep()
    mails.sweep()
    assert mail_of(outbox).to == [MARIA]
    assert ConsentRecord.objects.count() == 1
