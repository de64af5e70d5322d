"""The bodies of Postmark's tracking webhooks, field by field."""

import secrets
from datetime import datetime
from typing import Any

from django.utils import timezone

from .models import Copy

SERVER_ID = 1
JSONObject = dict[str, Any]


def delivery(copy: Copy) -> JSONObject:
    return {
        **_common("Delivery", copy),
        "Recipient": copy.address,
        "DeliveredAt": _stamp(timezone.now()),
        "Details": "smtp;250 2.0.0 OK",
    }


def hard_bounce(copy: Copy) -> JSONObject:
    domain = copy.mailbox.rpartition("@")[2]
    return _bounce(
        copy,
        Type="HardBounce",
        TypeCode=1,
        Name="Hard bounce",
        Description="The server was unable to deliver your message "
        "(ex: unknown user, mailbox not found).",
        Details=f"smtp;550 5.1.1 <{copy.address}>: no such user here ({domain})",
        Inactive=True,
        CanActivate=True,
    )


def soft_bounce(copy: Copy) -> JSONObject:
    return _bounce(
        copy,
        Type="SoftBounce",
        TypeCode=4096,
        Name="Soft bounce",
        Description="Unable to temporarily deliver message (i.e. mailbox full, account disabled, "
        "exceeds quota, out of disk space).",
        Details=f"smtp;452 4.2.2 <{copy.address}>: mailbox is full, try again later",
        Inactive=False,
        CanActivate=False,
    )


def spam_complaint(copy: Copy) -> JSONObject:
    return {
        **_bounce(
            copy,
            Type="SpamComplaint",
            TypeCode=512,
            Name="Spam complaint",
            Description="The subscriber explicitly marked this message as spam.",
            Details="",
            Inactive=True,
            CanActivate=False,
        ),
        "RecordType": "SpamComplaint",
    }


def _common(record_type: str, copy: Copy) -> JSONObject:
    message = copy.message
    return {
        "RecordType": record_type,
        "MessageStream": message.message_stream,
        "MessageID": str(message.message_id),
        "ServerID": SERVER_ID,
        "Tag": message.tag,
        "Metadata": message.metadata,
    }


def _bounce(copy: Copy, **particulars: str | int | bool) -> JSONObject:
    return {
        **_common("Bounce", copy),
        "ID": secrets.randbelow(10**12),
        "Email": copy.address,
        "From": copy.message.sender_party.address,
        "Subject": copy.message.subject,
        "BouncedAt": _stamp(timezone.now()),
        "DumpAvailable": False,
        "Content": "",
        **particulars,
    }


def _stamp(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")
