"""How things stand between a person and us, as the preference page shows it (B11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from outreach.centre.link import Link
from outreach.preferences.choices import (
    TopicChoice,
    Wish,
    choices_among,
    choices_asked,
    paused_until,
    wishes_of,
)
from outreach.preferences.frequency import AS_IT_COMES, frequency_asked, frequency_of
from outreach.preferences.models import Suppression, Topic
from outreach.preferences.passed_on import stops_binding
from outreach.preferences.wish_models import AtMost
from outreach.prepared import Asked, Prepared, Question, asked_key, asked_text
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress


@dataclass(frozen=True, slots=True)
class Box:
    """One topic on one channel, to be ticked; `way` is the channel in the reader's language."""

    topic: Topic
    channel: Channel
    is_wanted: bool
    way: str

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"{self.topic.slug}:{self.channel.value}"


@dataclass(frozen=True, slots=True)
class Line:
    """`at_most` is an AtMost, or empty where the topic comes as it comes."""

    topic: Topic
    boxes: list[Box]
    at_most: str

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those on which the topic is wanted."""
        return tuple(box.channel for box in self.boxes if box.is_wanted)


@dataclass(frozen=True, slots=True)
class Standing:
    """`is_held`: nothing is sent, for a reason that only staff can mend.

    `wishes` is all that the person chose, what ends first comes first.
    """

    lines: list[Line]
    routine: list[Topic]
    channels: list[Channel]
    is_stopped: bool
    is_held: bool
    paused_until: datetime | None
    wishes: list[Wish]

    @property
    def is_silent(self) -> bool:
        """Nothing is sent but routine messages."""
        return self.is_stopped or self.is_held

    @property
    def columns(self) -> int:
        """How many there are beside the topic: one a channel, and how often."""
        return len(self.channels) + 1

    @property
    def wanted(self) -> list[Line]:
        return [line for line in self.lines if line.channels]

    @property
    def boxes(self) -> Iterator[Box]:
        return (box for line in self.lines for box in line.boxes)


def standing_asked(link: Link, now: datetime) -> Iterator[Question]:
    """What standing_of asks of everybody."""
    person, address = link.recipient, link.address
    yield from choices_asked(person, address, now)
    yield frequency_asked(person)
    yield _HELD.about(person=person.pk)
    yield _ANY_STOP.about(person=person.pk, address=address.pk)


def standing_of(link: Link, now: datetime | None = None) -> Standing:
    """Asked of the database anew each time: what a page says is true when it says it."""
    now = now or timezone.now()
    wishes = wishes_of(link.recipient, now)
    choices = choices_among(wishes, link.recipient, link.address, now)
    channels = _channels_of(link)
    ways = [(channel, capfirst(str(channel.label))) for channel in channels]
    often = frequency_of(link.recipient)
    asked = {"person": link.recipient.pk, "address": link.address.pk}
    is_any = _ANY_STOP.rows(**asked)
    binding = _BINDING.rows(**asked, channel=link.channel) if is_any else []
    own = (link.recipient.pk, Suppression.Reason.UNSUBSCRIBED)
    return Standing(
        lines=[_line(choice, ways, often) for choice in choices if not choice.is_routine],
        routine=[choice.topic for choice in choices if choice.is_routine],
        channels=channels,
        is_stopped=own in binding,
        is_held=any(stop != own for stop in binding),
        paused_until=paused_until(link.recipient, now),
        wishes=wishes,
    )


def own_stops(link: Link) -> QuerySet[Suppression]:
    """What this person stopped and may start again; never what somebody else asked for."""
    stops = _stops(link.recipient, link.address, link.channel)
    return stops.filter(recipient=link.recipient, reason=Suppression.Reason.UNSUBSCRIBED)


def _stops(
    person: Recipient | Asked, address: Address | Asked, channel: str | Asked
) -> QuerySet[Suppression]:
    live = Suppression.objects.filter(channel__in=["", channel], lifted_at__isnull=True)
    binding = stops_binding(live, person, address)
    return live.filter(reduce(or_, (Q(pk__in=stops.values("pk")) for stops in binding)))


def _channels_of(link: Link) -> list[Channel]:
    """The channel of the message, and each other on which the person can be reached."""
    held = {channel for (channel,) in _HELD.rows(person=link.recipient.pk)}
    return [channel for channel in Channel if channel in held | {link.channel}]


def _any_stop() -> "QuerySet[Suppression, tuple[int]]":
    """Whether anything is stopped at an address of the person, or for anybody there.

    Cheap to plan, and enough for nearly everybody who opens the page.
    """
    person, address = asked_key("person"), asked_key("address")
    places = RecipientAddress.objects.filter(recipient=person).values("address")
    people = RecipientAddress.objects.filter(Q(address=address) | Q(address__in=places))
    live = Suppression.objects.filter(lifted_at__isnull=True)
    return (
        live.filter(
            Q(recipient=person)
            | Q(address=address)
            | Q(address__in=places)
            | Q(recipient__in=people.values("recipient"))
        )
        .order_by()
        .values_list("pk")[:1]
    )


_ANY_STOP = Prepared(_any_stop)
_BINDING = Prepared(
    lambda: (
        _stops(asked_key("person"), asked_key("address"), asked_text("channel"))
        .order_by()
        .values_list("recipient", "reason")
    )
)
_HELD = Prepared(
    lambda: (
        RecipientAddress.objects.filter(recipient=asked_key("person"))
        .order_by()
        .values_list("channel")
    )
)


def _line(choice: TopicChoice, ways: list[tuple[Channel, str]], often: dict[int, AtMost]) -> Line:
    boxes = [
        Box(choice.topic, channel, choice.wanted.get(channel, False), way) for channel, way in ways
    ]
    return Line(choice.topic, boxes, often.get(choice.topic.pk, AS_IT_COMES))
