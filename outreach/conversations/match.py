"""Which conversation a mail belongs to: the surest sign first."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from outreach.conversations.models import Conversation, Message
from outreach.conversations.parse import Mail
from outreach.ledger.models import Attempt
from outreach.links.reply import read_reply_address
from outreach.recipients.find import recipients_at
from outreach.recipients.models import Channel, Recipient


@dataclass(frozen=True, slots=True)
class Match:
    """At most one of `conversation` and `attempt`; all empty leaves it to a person."""

    conversation: Conversation | None = None
    attempt: Attempt | None = None
    recipient: Recipient | None = None


def match(mail: Mail) -> Match:
    """By our own reply address, then by the message that is answered, then by the sender."""
    return _by_reply_address(mail) or _by_message_id(mail) or _by_sender(mail)


def _by_reply_address(mail: Mail) -> Match | None:
    for address in mail.to_addresses:
        read = read_reply_address(address)
        if read and (found := answered(*read)):
            return found
    return None


def answered(kind: str, key: UUID) -> Match | None:
    """The message that our own reply address names."""
    if kind == "c":
        return _of_message(_messages().filter(key=key).first())
    return _of_attempt(_attempts().filter(key=key).first())


def _by_message_id(mail: Mail) -> Match | None:
    """The nearest of the answered messages that we know."""
    rank = {name: place for place, answered in enumerate(mail.answers) for name in _names(answered)}
    if not rank:
        return None
    ours = Q(direction=Message.Direction.OUT, provider_message_id__in=rank)
    messages = _messages().filter(Q(message_id__in=rank) | ours)
    nearest = min(
        messages,
        key=lambda m: min(rank.get(m.message_id, 99), rank.get(m.provider_message_id, 99)),
        default=None,
    )
    attempts = _attempts().filter(provider_message_id__in=rank)
    sent = min(attempts, key=lambda a: rank[a.provider_message_id], default=None)
    return _of_message(nearest) or _of_attempt(sent)


def _names(message_id: str) -> set[str]:
    """A Message-ID as it stands, bare, and without the domain: providers put their id there."""
    bare = message_id.strip("<>")
    return {message_id, bare, bare.partition("@")[0]} - {""}


def _by_sender(mail: Mail) -> Match:
    people = list(recipients_at(Channel.EMAIL, mail.from_address)[:2])
    return Match(recipient=people[0] if len(people) == 1 else None)


def _messages() -> QuerySet[Message]:
    return Message.objects.select_related("conversation__recipient")


def _attempts() -> QuerySet[Attempt]:
    return Attempt.objects.select_related("delivery__recipient", "delivery__run__campaign__sender")


def _of_message(message: Message | None) -> Match | None:
    if message is None:
        return None
    return Match(conversation=message.conversation, recipient=message.conversation.recipient)


def _of_attempt(attempt: Attempt | None) -> Match | None:
    return Match(attempt=attempt, recipient=attempt.delivery.recipient) if attempt else None
