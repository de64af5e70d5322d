"""What a link in a message leads to."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import UUIDField

from outreach.campaigns.models import Campaign
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.links.tokens import BadToken, Scope, read
from outreach.preferences.models import Topic
from outreach.prepared import Asked, PreparedRow, asked_key
from outreach.recipients.models import Address, Recipient
from outreach.senders.models import Sender


@dataclass(frozen=True, slots=True)
class Link:
    """One message to one person; whoever shares the address is none of its business."""

    attempt: Attempt
    delivery: Delivery
    recipient: Recipient
    address: Address
    campaign: Campaign

    @property
    def topic(self) -> Topic:
        return self.campaign.topic

    @property
    def sender(self) -> Sender:
        return self.campaign.sender


_MESSAGE = PreparedRow(
    Attempt,
    "delivery",
    "delivery__recipient",
    "delivery__address",
    by={"key": Asked("key", UUIDField())},
)
_RUN = PreparedRow(
    Run, "campaign", "campaign__topic", "campaign__sender", by={"pk": asked_key("run")}
)
"""Asked apart: a database that plans a join of eight tables anew each time takes longer for it."""


def follow(scope: Scope, token: str) -> Link:
    """The message behind a token. Raises BadToken, before any query unless the token is ours."""
    try:
        key = UUID(read(scope, token))
    except ValueError as error:
        raise BadToken from error
    attempt: Attempt | None = _MESSAGE.first(key=key)
    if attempt is None or attempt.delivery.address is None:
        raise BadToken
    delivery = attempt.delivery
    delivery.run = _RUN.first(run=delivery.run_id)
    return Link(
        attempt, delivery, delivery.recipient, attempt.delivery.address, delivery.run.campaign
    )
