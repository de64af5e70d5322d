"""What people said in their own words against topics, as far as it still counts (D2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.preferences.models import Source, Subscription
from outreach.preferences.passed_on import Person, is_gone
from outreach.preferences.wanted import counts
from outreach.preferences.wish_models import StatementTopic
from outreach.prepared import Asked, Prepared, Question, asked_key, asked_time
from outreach.recipients.models import Channel, Recipient, RecipientAddress

BY_THEMSELVES = (Source.PREFERENCE_PAGE, Source.FORM, Source.STAFF, Source.PHONE)
"""Wishes that a person expressed. One that was imported says nothing against their words."""


def said_against() -> QuerySet[StatementTopic]:
    """What people said against topics, and did not take back."""
    return StatementTopic.objects.filter(is_for=False, statement__taken_back_at__isnull=True)


def said_against_by_the_gone() -> QuerySet[StatementTopic]:
    """What those said who are there no more: it binds whoever has an address of theirs."""
    return said_against().filter(is_gone("statement__recipient"))


def wished_since(person: Person, channel: str, *, at: datetime | Asked) -> Exists:
    """Whether the person asked for the topic by themselves after they spoke against it.

    And whether that wish counts at an instant.
    """
    return Exists(
        Subscription.objects.filter(
            counts(at),
            recipient=person,
            topic=OuterRef("topic"),
            channel=channel,
            record__source__in=BY_THEMSELVES,
            since_at__gt=OuterRef("statement__said_at"),
        )
    )


def said_for_since(person: Person) -> Exists:
    """Whether the person spoke for the topic after they spoke against it."""
    return Exists(
        StatementTopic.objects.filter(
            statement__recipient=person,
            statement__taken_back_at__isnull=True,
            statement__said_at__gt=OuterRef("statement__said_at"),
            topic=OuterRef("topic"),
            is_for=True,
        )
    )


def _spoken() -> "QuerySet[StatementTopic, tuple[int]]":
    """Whether anything was said against a topic by the person, or by anybody at their addresses.

    Cheap to plan, and enough for nearly everybody.
    """
    there = RecipientAddress.objects.filter(
        address__in=RecipientAddress.objects.filter(recipient=asked_key("person")).values("address")
    )
    by = Q(statement__recipient=asked_key("person")) | Q(
        statement__recipient__in=there.values("recipient")
    )
    return said_against().filter(by).order_by().values_list("pk")[:1]


def _binding() -> "QuerySet[StatementTopic, tuple[Any, ...]]":
    """Topics, each with whether it was asked for since on each of the channels."""
    person = asked_key("person")
    own = said_against().filter(statement__recipient=person)
    at_an_address = Q(statement__recipient__held__address__held__recipient=person)
    left = said_against_by_the_gone().filter(at_an_address)
    found = StatementTopic.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=left.values("pk")))
    wished = [wished_since(person, channel, at=asked_time("now")) for channel in Channel]
    return found.exclude(said_for_since(person)).values_list("topic", *wished)


_SPOKEN = Prepared(_spoken)
_BINDING = Prepared(_binding)


def words_asked(recipient: Recipient) -> Question:
    """What refused_in_words asks of everybody."""
    return _SPOKEN.about(person=recipient.pk)


def refused_in_words(recipient: Recipient, now: datetime) -> Iterator[tuple[int, str]]:
    """Topics by channel that their words keep from a person."""
    if not _SPOKEN.rows(person=recipient.pk):
        return
    for topic_id, *answers in _BINDING.rows(person=recipient.pk, now=now):
        for channel, is_wished in zip(Channel, answers, strict=True):
            if not is_wished:
                yield topic_id, channel
