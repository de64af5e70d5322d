"""What a link in one of our mails leads to."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import UUIDField

from outreach.campaigns.models import Campaign
from outreach.kept_plans import kept_plans
from outreach.ledger.models import Attempt, Delivery
from outreach.links.tokens import BadToken, Scope, read
from outreach.preferences.models import RenewalRequest, Topic
from outreach.prepared import Asked, PreparedRow
from outreach.recipients.models import Address, Recipient
from outreach.senders.models import Sender


@dataclass(frozen=True, slots=True)
class Link:
    """One mail to one person; whoever shares the address is none of its business.

    It was the message of a campaign, with its `attempt`, or the letter that asks whether a wish
    goes on: then `renewal` is that question.
    """

    recipient: Recipient
    address: Address
    channel: str
    topic: Topic
    sender: Sender
    attempt: Attempt | None = None
    renewal: RenewalRequest | None = None

    @property
    def delivery(self) -> Delivery | None:
        return self.attempt.delivery if self.attempt else None

    @property
    def campaign(self) -> Campaign | None:
        return self.attempt.delivery.run.campaign if self.attempt else None


_MESSAGE = PreparedRow(
    Attempt,
    "delivery",
    "delivery__recipient",
    "delivery__address",
    "delivery__run",
    "delivery__run__campaign",
    "delivery__run__campaign__topic",
    "delivery__run__campaign__sender",
    by={"key": Asked("key", UUIDField())},
)


def follow(scope: Scope, token: str) -> Link:
    """The mail behind a token. Raises BadToken, before any query unless the token is ours."""
    try:
        key = UUID(read(scope, token))
    except ValueError as error:
        raise BadToken from error
    link = _of_message(key) or _of_letter(key)
    if link is None:
        raise BadToken
    return link


def _of_message(key: UUID) -> Link | None:
    with kept_plans():  # it joins eight tables: dear to plan
        attempt: Attempt | None = _MESSAGE.first(key=key)
    if attempt is None or attempt.delivery.address is None:
        return None
    return link_of(attempt, attempt.delivery.recipient, attempt.delivery.address)


def link_of(attempt: Attempt, recipient: Recipient, address: Address) -> Link:
    """What the link of a message opens, to whom it went being known."""
    campaign = attempt.delivery.run.campaign
    return Link(
        recipient=recipient,
        address=address,
        channel=attempt.delivery.channel,
        topic=campaign.topic,
        sender=campaign.sender,
        attempt=attempt,
    )


def _of_letter(key: UUID) -> Link | None:
    wish = (
        RenewalRequest.objects.select_related(
            "record__recipient", "record__topic", "address", "sender"
        )
        .filter(key=key)
        .first()
    )
    if wish is None or wish.address is None or wish.sender is None:
        return None
    return Link(
        recipient=wish.record.recipient,
        address=wish.address,
        channel=wish.address.channel,
        topic=wish.record.topic,
        sender=wish.sender,
        renewal=wish,
    )
