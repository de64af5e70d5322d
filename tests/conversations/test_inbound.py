"""A customer's mail becomes a message of the right conversation, once (B4, B6)."""

from typing import Any

import pytest
from django.test import Client, override_settings

from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.conversations.take import take_new
from outreach.ledger.models import DeliveryEvent
from outreach.links.reply import reply_address
from outreach.recipients.models import RecipientAddress
from tests.builders import address_of, make_recipient
from tests.conversations.mails import (
    mail,
    make_conversation,
    only_mail,
    only_message,
    out_of_office,
    receive,
    reply_to,
)
from tests.tracking.reports import post, sent_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tracking.urls")]


def test_b4_a_reply_opens_a_conversation_with_whoever_signed(client: Client) -> None:
    maria = make_recipient("maria@example.com")
    attempt = sent_attempt(maria)
    assert receive(client, reply_to(attempt, text="Is Sunday possible?")) == 200
    conversation = Conversation.objects.get()
    assert conversation.recipient == maria
    assert conversation.delivery == attempt.delivery
    assert conversation.owner == attempt.delivery.run.campaign.sender
    assert conversation.state == Conversation.State.OPEN
    message = only_message()
    assert (message.direction, message.text) == (Message.Direction.IN, "Is Sunday possible?")
    assert message.from_address == "maria@example.com"
    assert DeliveryEvent.objects.get(kind=DeliveryEvent.Kind.REPLIED).attempt == attempt


def test_the_time_of_a_message_is_when_we_received_it(client: Client) -> None:
    make_conversation(client, Date="Mon, 1 Jan 1990 00:00:00 +0000")
    assert only_message().at == only_mail().received_at


def test_a_reply_address_is_known_by_whatever_field_it_came_in(client: Client) -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    address = reply_address("d", attempt.key).upper()
    ways: list[dict[str, Any]] = [
        {"To": "x@example.org", "CcFull": [{"Email": address, "Name": ""}]},
        {"OriginalRecipient": address},
        {"headers": {"Delivered-To": address}},
    ]
    for number, fields in enumerate(ways, start=1):
        receive(client, mail(**fields))
        assert Message.objects.filter(conversation__delivery=attempt.delivery).count() == number


def test_a_second_reply_continues_the_conversation(client: Client) -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    receive(client, reply_to(attempt))
    receive(client, reply_to(attempt, text="And one more thing."))
    assert Conversation.objects.get().messages.count() == 2


def test_a_reply_address_that_nobody_signed_is_not_believed(client: Client) -> None:
    attempt = sent_attempt(make_recipient("anna@example.com"))
    forged = reply_address("d", attempt.key).replace("@", "a@")
    receive(client, mail(forged))
    assert Conversation.objects.get().recipient is None


def test_without_a_reply_address_the_answered_message_tells(client: Client) -> None:
    attempt = sent_attempt(make_recipient(), provider_message_id="0f00-feed")
    receive(client, mail(headers={"In-Reply-To": "<0f00-feed@mtasv.example>"}))
    assert Conversation.objects.get().delivery == attempt.delivery


def test_a_long_id_is_found_however_it_was_written_down(client: Client) -> None:
    long = f"<{'a' * 120}@example.com>"
    first = make_conversation(client, headers={"Message-ID": long})
    receive(client, mail(headers={"In-Reply-To": long}))
    assert first.messages.count() == 2


def test_without_in_reply_to_the_nearest_reference_tells(client: Client) -> None:
    first = make_conversation(client, headers={"Message-ID": "<first@example.com>"})
    make_conversation(
        client, make_recipient("eva@example.com"), headers={"Message-ID": "<other@example.com>"}
    )
    receive(client, mail(headers={"References": "<other@example.com> <first@example.com>"}))
    assert first.messages.count() == 2


@pytest.mark.parametrize("header", ["<>", "<@>", "<@example.com>", "", "< >", "no id at all"])
def test_an_empty_id_matches_nothing(client: Client, header: str) -> None:
    sent_attempt(make_recipient("eva@example.com"))
    receive(client, mail(headers={"In-Reply-To": header}))
    assert Conversation.objects.get().delivery is None


def test_without_any_sign_the_sender_is_looked_up(client: Client) -> None:
    maria = make_recipient("maria@example.com")
    attempt = sent_attempt(maria)
    receive(client, mail(Subject="A question"))
    conversation = Conversation.objects.get()
    assert (conversation.recipient, conversation.delivery) == (maria, None)
    assert conversation.owner == attempt.delivery.run.campaign.sender


def test_whose_message_it_is_stays_open_where_an_address_is_shared(client: Client) -> None:
    maria, paolo = make_recipient("maria@example.com"), make_recipient(None, "Paolo")
    RecipientAddress.objects.create(recipient=paolo, address=address_of(maria), channel="email")
    receive(client, mail())
    assert Conversation.objects.get().recipient is None


def test_a_stranger_s_mail_waits_for_a_person_to_place_it(client: Client) -> None:
    receive(client, mail())
    conversation = Conversation.objects.get()
    assert (conversation.recipient, conversation.owner) == (None, None)
    assert conversation.state == Conversation.State.OPEN


def test_the_same_mail_twice_is_one_message(client: Client) -> None:
    body = reply_to(sent_attempt(make_recipient("maria@example.com")))
    for _again in range(3):
        assert receive(client, body) == 200
    assert receive(client, {**body, "MessageID": "another-of-the-provider"}) == 200
    assert Message.objects.count() == 1
    assert DeliveryEvent.objects.filter(kind=DeliveryEvent.Kind.REPLIED).count() == 1


def test_two_mails_under_one_message_id_are_two(client: Client) -> None:
    headers = {"Message-ID": "<always-the-same@example.com>"}
    attempt = sent_attempt(make_recipient("maria@example.com"))
    receive(client, reply_to(attempt, text="First.", headers=headers))
    receive(client, reply_to(attempt, text="Second.", headers=headers))
    assert Message.objects.count() == 2


def test_statement_10_an_automatic_reply_waits_for_nobody(client: Client) -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    receive(client, out_of_office(reply_address("d", attempt.key)))
    assert only_message().is_automatic
    assert Conversation.objects.get().state == Conversation.State.CLOSED
    assert not DeliveryEvent.objects.filter(kind=DeliveryEvent.Kind.REPLIED).exists()


def test_a_person_s_mail_opens_what_a_machine_began(client: Client) -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    receive(client, out_of_office(reply_address("d", attempt.key)))
    receive(client, reply_to(attempt))
    assert Conversation.objects.get().state == Conversation.State.OPEN


def test_an_automatic_reply_does_not_open_what_was_answered(client: Client) -> None:
    conversation = make_conversation(client)
    Message.objects.update(is_automatic=True)
    Conversation.objects.update(state=Conversation.State.ANSWERED)
    assert conversation.delivery is not None
    attempt = conversation.delivery.attempts.get()
    receive(client, out_of_office(reply_address("d", attempt.key)))
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.ANSWERED


def test_nobody_posts_mail_without_the_secret(client: Client) -> None:
    assert post(client, mail(), hook="/anymail/postmark/inbound/", secret="x:y") == 400
    assert not InboundMail.objects.exists()


def test_a_mail_with_a_large_attachment_comes_in(client: Client) -> None:
    photo = {"Name": "label.jpg", "ContentType": "image/jpeg", "Content": "QUJD" * 50_000}
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100_000):
        assert receive(client, mail(text="Look:", Attachments=[photo])) == 200
    assert only_message().text == "Look:\n\n[label.jpg]"


def test_after_a_crash_the_sweep_takes_in_what_was_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("outreach.conversations.receivers.take", lambda kept: False)
        receive(client, mail())
    assert not Message.objects.exists()
    assert take_new() == 1
    assert take_new() == 0
    assert only_mail().state == InboundMail.State.TAKEN
