"""The body of Postmark's inbound webhook: a person, or their machine, answers a message."""

import uuid
from datetime import timedelta
from email.utils import format_datetime

from django.utils import timezone
from django.utils.html import escape, linebreaks

from .addresses import Party, parse_leniently
from .models import Copy, Message
from .payloads import JSONObject
from .received import header, message_id_header, visible_text


def reply(copy: Copy, text: str) -> JSONObject:
    """What a person typed, with the original quoted beneath it."""
    message = copy.message
    said = f"On {message.submitted_at:%a, %d %b %Y at %H:%M} UTC, {message.sender_party} wrote:"
    original = message.text_body or visible_text(message.html_body)
    quoted = "\n".join(f"> {line}".rstrip() for line in original.strip().splitlines())
    return {
        **_inbound(copy, _answering(message.subject, "Re:"), return_path=copy.address),
        "TextBody": f"{text}\n\n{said}\n\n{quoted}\n",
        "HtmlBody": f"{linebreaks(text, autoescape=True)}<p>{escape(said)}</p>"
        f"<blockquote>{linebreaks(original.strip(), autoescape=True)}</blockquote>",
        "StrippedTextReply": text,
    }


def out_of_office(copy: Copy, text: str) -> JSONObject:
    """An automatic reply: marked as such and with an empty return path (RFC 3834, 2, 3.3, 5)."""
    body = _inbound(copy, _answering(copy.message.subject, "Automatic reply:"), return_path="")
    body["Headers"] += [
        {"Name": "Auto-Submitted", "Value": "auto-replied"},
        {"Name": "X-Auto-Response-Suppress", "Value": "All"},
    ]
    return {
        **body,
        "TextBody": f"{text}\n",
        "HtmlBody": linebreaks(text, autoescape=True),
        "StrippedTextReply": text,
    }


def out_of_office_text() -> str:
    """What the machine says when the person left no text: away for a week."""
    back_on = timezone.localdate() + timedelta(days=7)
    return (
        f"Thank you for your message. I am away until {back_on.day} {back_on:%B %Y} "
        "and will answer when I am back."
    )


def _inbound(copy: Copy, subject: str, *, return_path: str) -> JSONObject:
    message = copy.message
    to = parse_leniently(message.reply_to) or [message.sender_party]
    return {
        "FromName": copy.name,
        "MessageStream": "inbound",
        "From": copy.address,
        "FromFull": _full(copy.party),
        "To": ", ".join(map(str, to)),
        "ToFull": [_full(party) for party in to],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": to[0].address,
        "Subject": subject,
        "MessageID": str(uuid.uuid4()),
        "ReplyTo": "",
        "MailboxHash": to[0].mailbox_hash,
        "Date": format_datetime(timezone.now()),
        "Tag": "",
        "Headers": _threading(copy, return_path),
        "Attachments": [],
    }


def _threading(copy: Copy, return_path: str) -> list[dict[str, str]]:
    message = copy.message
    original = message_id_header(message)
    domain = copy.mailbox.rpartition("@")[2]
    return [
        {"Name": "Return-Path", "Value": f"<{return_path}>"},
        {"Name": "X-Spam-Status", "Value": "No"},
        {"Name": "X-Spam-Score", "Value": "-0.1"},
        {"Name": "MIME-Version", "Value": "1.0"},
        {"Name": "Message-ID", "Value": f"<{uuid.uuid4()}@{domain}>"},
        {"Name": "In-Reply-To", "Value": original},
        {"Name": "References", "Value": _references(message, original)},
    ]


def _references(message: Message, original: str) -> str:
    before = header(message, "References") or header(message, "In-Reply-To")
    return " ".join([*before.split(), original])


def _answering(subject: str, prefix: str) -> str:
    return subject if subject.lower().startswith("re:") else f"{prefix} {subject}".strip()


def _full(party: Party) -> dict[str, str]:
    return {"Email": party.address, "Name": party.name, "MailboxHash": party.mailbox_hash}
