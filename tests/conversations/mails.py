"""Mails as Postmark posts them, and a conversation to have."""

import base64
import json
from itertools import count
from typing import Any

from django.test import Client

from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.ledger.models import Attempt
from outreach.links.reply import reply_address
from outreach.recipients.models import Recipient
from tests.builders import make_recipient
from tests.tracking.reports import post, sent_attempt

HOOK = "/anymail/postmark/inbound/"
_numbers = count(1)


def mail(to: str = "hello@example.org", *, text: str = "Yes, please.", **fields: Any) -> Any:
    """A mail from Maria; `headers` are added to those that every mail has."""
    number = next(_numbers)
    headers = {
        "Return-Path": "<maria@example.com>",
        "Message-ID": f"<mail-{number}@example.com>",
        **fields.pop("headers", {}),
    }
    return {
        "FromFull": {"Email": "maria@example.com", "Name": "Maria Rossi", "MailboxHash": ""},
        "From": "maria@example.com",
        "ToFull": [{"Email": to, "Name": "", "MailboxHash": ""}],
        "To": to,
        "OriginalRecipient": to,
        "Subject": "Re: A tasting on Saturday",
        "MessageID": f"postmark-{number}",
        "Date": "Mon, 4 May 2026 09:30:00 +0200",
        "TextBody": text,
        "HtmlBody": "",
        "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
        "Attachments": [],
        **fields,
    }


def reply_to(attempt: Attempt, **fields: Any) -> Any:
    return mail(reply_address("d", attempt.key), **fields)


def out_of_office(to: str, **fields: Any) -> Any:
    headers = {"Return-Path": "<>", "Auto-Submitted": "auto-replied"}
    return mail(to, Subject="Automatic reply: hello", headers=headers, **fields)


def receive(client: Client, body: Any) -> int:
    """Post a mail as the provider does; returns the status."""
    return post(client, body, hook=HOOK)


def kept_mime(raw: str | bytes, **also: Any) -> str:
    """What is stored of a raw mail."""
    if isinstance(raw, bytes):
        return json.dumps({"mime": base64.b64encode(raw).decode(), "is_base64": True, **also})
    return json.dumps({"mime": raw, **also})


def make_conversation(
    client: Client, recipient: Recipient | None = None, **fields: Any
) -> Conversation:
    """Somebody answered a message of a campaign."""
    attempt = sent_attempt(recipient or make_recipient("maria@example.com"))
    assert receive(client, reply_to(attempt, **fields)) == 200
    return Conversation.objects.latest("pk")


def only_mail() -> InboundMail:
    return InboundMail.objects.get()


def only_message() -> Message:
    return Message.objects.get()
