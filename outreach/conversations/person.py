"""The person beside a conversation: what they chose and said, what we sent and why (D1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from outreach.campaigns.merge import fields_of, fill
from outreach.campaigns.render import as_sentence_end
from outreach.conversations.models import Conversation
from outreach.ledger.models import Delivery
from outreach.preferences.choices import TopicChoice, choices_of, is_stopped, paused_until
from outreach.preferences.models import ConsentRecord
from outreach.recipients.models import Channel, Recipient

MOST_SENT = 5
MOST_SAID = 5
MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Said:
    """Something they told us on record (D2): about what, in which words, and how we know."""

    at: datetime
    about: str
    act: str
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that we sent, and its reason as the person can read it (B5)."""

    at: datetime | None
    subject: str
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class Person:
    recipient: Recipient
    choices: list[tuple[str, str]]
    is_stopped: bool
    paused_until: datetime | None
    said: list[Said]
    others: list[Conversation]
    sent: list[Sent]


def person_of(conversation: Conversation, recipient: Recipient) -> Person:
    """All about the person, beside one of their conversations."""
    address = recipient.addresses.filter(channel=Channel.EMAIL).order_by("held__position").first()
    return Person(
        recipient=recipient,
        choices=[_in_words(choice) for choice in choices_of(recipient, address)],
        is_stopped=is_stopped(recipient, address),
        paused_until=paused_until(recipient),
        said=_said_by(recipient),
        others=list(
            Conversation.objects.filter(recipient=recipient)
            .exclude(pk=conversation.pk)
            .order_by("-last_at", "-pk")[:MOST_OTHERS]
        ),
        sent=_sent_to(recipient),
    )


def _in_words(choice: TopicChoice) -> tuple[str, str]:
    wanted = [
        str(Channel(channel).label) for channel, is_wanted in choice.wanted.items() if is_wanted
    ]
    if choice.is_routine:
        return choice.topic.name, _("always, belongs to what they order")
    if wanted:
        return choice.topic.name, _("yes, by %(channels)s") % {"channels": ", ".join(wanted)}
    return choice.topic.name, _("no longer") if choice.wanted else _("never asked")


def _said_by(recipient: Recipient) -> list[Said]:
    rows = ConsentRecord.objects.filter(recipient=recipient).select_related(
        "topic", "evidence", "wording"
    )
    return [
        Said(
            at=row.at,
            about=row.topic.name,
            act=row.get_act_display(),
            words=row.in_which_words,
            source=row.get_source_display(),
        )
        for row in rows[:MOST_SAID]
    ]


def _sent_to(recipient: Recipient) -> list[Sent]:
    fields = fields_of(recipient)
    rows = (
        Delivery.objects.filter(recipient=recipient, attempts__handed_over_at__isnull=False)
        .select_related("run__campaign")
        .prefetch_related("run__campaign__variants")
        .annotate(at=Max("attempts__handed_over_at"))
        .order_by("-at")[:MOST_SENT]
    )
    return [
        Sent(
            at=row.at,
            subject=_subject(row, fields),
            reason=as_sentence_end(row.run.campaign.justification),
            state=row.get_state_display(),
        )
        for row in rows
    ]


def _subject(row: Delivery, fields: Mapping[str, str]) -> str:
    """The subject as this person read it."""
    campaign = row.run.campaign
    subjects = (v.subject for v in campaign.variants.all() if v.channel == row.channel)
    return fill(next(subjects, campaign.name), fields)
