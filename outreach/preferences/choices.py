"""What a person chose, as they would read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from outreach.preferences.models import (
    Objection,
    Pause,
    Purpose,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.passed_on import refusals_passed_on
from outreach.preferences.said_against import refused_in_words, words_asked
from outreach.preferences.wanted import counts
from outreach.prepared import Prepared, PreparedRow, Question, asked_key, asked_text, asked_time
from outreach.recipients.models import Address, Recipient


def _refused() -> "QuerySet[Objection, tuple[int, str]]":
    """Topics by channel that are refused at the address, or that were and bind the person."""
    there = Objection.objects.filter(address=asked_key("address"))
    ways = (rows.order_by() for rows in (there, refusals_passed_on(asked_key("person"))))
    one, other = (rows.values_list("topic", "address__channel") for rows in ways)
    return one.union(other, all=True)


_TOPICS = PreparedRow(Topic, by={"tenant": asked_text("tenant"), "is_active": True})
_COUNTS = Case(When(counts(asked_time("now")), then=1), default=0)
_CHOSEN = Prepared(
    lambda: (
        Subscription.objects.filter(recipient=asked_key("person"))
        .order_by("valid_until", "pk")
        .values_list("topic", "channel", _COUNTS, "valid_until", "since_at")
    )
)
_REFUSED = Prepared(_refused)
_ENDS = Prepared(
    lambda: (
        Pause.objects.filter(recipient=asked_key("person"), ends_at__gt=asked_time("now"))
        .order_by("-ends_at")
        .values_list("ends_at")[:1]
    )
)


class Wish(NamedTuple):
    """What a person chose for one topic on one channel; `ends_at` is None where it has no end."""

    topic_id: int
    channel: str
    is_wanted: bool
    ends_at: datetime | None
    since_at: datetime


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """One line of the preference page; `wanted` is by channel, absent where never asked."""

    topic: Topic
    wanted: dict[str, bool]

    @property
    def is_routine(self) -> bool:
        return self.topic.purpose == Purpose.ROUTINE


def choices_asked(recipient: Recipient, address: Address, now: datetime) -> Iterator[Question]:
    """What wishes_of, choices_among and paused_until ask of everybody."""
    yield _CHOSEN.about(person=recipient.pk, now=now)
    yield _REFUSED.about(person=recipient.pk, address=address.pk)
    yield words_asked(recipient)
    yield _TOPICS.about(tenant=recipient.tenant)
    yield _ENDS.about(person=recipient.pk, now=now)


def choices_of(recipient: Recipient, address: Address | None = None) -> list[TopicChoice]:
    """Every topic on offer with what the person chose; a refusal of the address wins, and so does
    one by a contact that the CRM merged into this one, or in the person's own words."""
    now = timezone.now()
    return choices_among(wishes_of(recipient, now), recipient, address, now)


def wishes_of(recipient: Recipient, now: datetime) -> list[Wish]:
    """What the person chose, whatever else was refused; what ends first comes first."""
    chosen = _CHOSEN.rows(person=recipient.pk, now=now)
    return [Wish(topic, channel, bool(counts), *when) for topic, channel, counts, *when in chosen]


def choices_among(
    wishes: Iterable[Wish], recipient: Recipient, address: Address | None, now: datetime
) -> list[TopicChoice]:
    """The same as choices_of, for who has the wishes of the person."""
    granted: dict[int, dict[str, bool]] = {}
    for wish in wishes:
        granted.setdefault(wish.topic_id, {})[wish.channel] = wish.is_wanted
    there = _REFUSED.rows(person=recipient.pk, address=address.pk if address else None)
    for topic_id, channel in chain(there, refused_in_words(recipient, now)):
        granted.setdefault(topic_id, {})[channel] = False
    topics = _TOPICS.all(tenant=recipient.tenant)
    return [TopicChoice(topic, granted.get(topic.pk, {})) for topic in topics]


def is_stopped(recipient: Recipient, address: Address | None = None) -> bool:
    """Whether nothing but routine messages is sent, because the person asked for that."""
    return (
        Suppression.objects.filter(reason=Suppression.Reason.UNSUBSCRIBED, lifted_at__isnull=True)
        .filter(Q(recipient=recipient) | (Q(address=address) if address else Q(pk__in=[])))
        .exists()
    )


def paused_until(recipient: Recipient, now: datetime | None = None) -> datetime | None:
    """When the break under way ends; None without one."""
    ends = _ENDS.rows(person=recipient.pk, now=now or timezone.now())
    return ends[0][0] if ends else None
