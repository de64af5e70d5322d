"""Reports as Postmark posts them, and what they are about."""

import base64
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.test import Client

from outreach.ledger.models import Attempt, Delivery
from outreach.recipients.models import Recipient
from tests.builders import start_campaign

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


def sent_attempt(recipient: Recipient, provider_message_id: str = "") -> Attempt:
    """A message of a campaign that the provider has accepted."""
    delivery = Delivery.objects.get(run=start_campaign(recipient), recipient=recipient)
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT)
    delivery.state = Delivery.State.SENT
    return Attempt.objects.create(
        delivery=delivery,
        number=1,
        outcome=Attempt.Outcome.ACCEPTED,
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
