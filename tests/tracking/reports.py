"""Reports as Postmark posts them, and what they are about."""

import base64
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from outreach.ledger.models import Attempt, Delivery, Run
from outreach.recipients.models import Channel, Recipient
from tests.builders import address_of, make_campaign

HOOK = "/anymail/postmark/tracking/"
AT = "2026-05-04T09:30:00Z"

DELIVERED = {
    "RecordType": "Delivery",
    "DeliveredAt": AT,
    "Details": "smtp;250 2.0.0 OK",
    "Recipient": "maria@example.com",
}
HARD = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "TypeCode": 1,
    "ID": 4323372036854775807,
    "Description": "The server was unable to deliver your message (ex: unknown user).",
    "Details": "smtp;550 5.1.1 <maria@example.com>: no such user here",
    "Email": "maria@example.com",
    "BouncedAt": AT,
    "Inactive": True,
}
SOFT = {
    **HARD,
    "Type": "SoftBounce",
    "TypeCode": 4096,
    "ID": 4323372036854775808,
    "Details": "smtp;452 4.2.2 mailbox full",
    "Inactive": False,
}
COMPLAINT = {
    **HARD,
    "RecordType": "SpamComplaint",
    "Type": "SpamComplaint",
    "TypeCode": 512,
    "ID": 4323372036854775809,
    "Details": "",
}
STOPPED = {
    "RecordType": "SubscriptionChange",
    "SuppressSending": True,
    "SuppressionReason": "ManualSuppression",
    "Origin": "Recipient",
    "Recipient": "maria@example.com",
    "ChangedAt": AT,
}


def make_sending_run() -> Run:
    """A campaign under way, as far as reports about its messages need one."""
    return Run.objects.create(
        campaign=make_campaign(),
        channel=Channel.EMAIL,
        state=Run.State.SENDING,
        frozen_at=timezone.now(),
    )


def sent_attempt(
    recipient: Recipient, provider_message_id: str = "", *, run: Run | None = None
) -> Attempt:
    """A message of a campaign that the provider has accepted."""
    address = address_of(recipient)
    delivery = Delivery.objects.create(
        run=run or make_sending_run(),
        recipient=recipient,
        address=address,
        channel=Channel.EMAIL,
        state=Delivery.State.SENT,
        recipient_slot=recipient.pk,
        address_slot=address.pk,
    )
    return Attempt.objects.create(
        delivery=delivery,
        number=1,
        outcome=Attempt.Outcome.ACCEPTED,
        handed_over_at=timezone.now(),
        provider_message_id=provider_message_id,
    )


def about(attempt: Attempt, report: dict[str, Any]) -> dict[str, Any]:
    """The report on this attempt, named as our mails are."""
    return {
        **report,
        "MessageID": "00000000-feed",
        "Metadata": {"outreach_attempt": attempt.key.hex},
    }


def authorization(secret: str | Sequence[str] | None = None) -> str:
    """Basic auth with the webhook secret."""
    given = secret or settings.ANYMAIL["WEBHOOK_SECRET"]
    return "Basic " + base64.b64encode(str(given).encode()).decode()


def post(client: Client, body: Any, *, hook: str = HOOK, secret: str | None = None) -> int:
    """Post to a webhook as the provider does; returns the status."""
    response = client.post(
        hook,
        body,
        content_type="application/json",
        headers={"authorization": authorization(secret)},
    )
    return response.status_code
