"""What people said in their own words against topics, as far as it still counts (D2)."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.preferences.models import Source
from outreach.preferences.passed_on import Person, is_gone
from outreach.preferences.wanted import wanted
from outreach.preferences.wish_models import StatementTopic
from outreach.recipients.models import Channel, Recipient

BY_THEMSELVES = (Source.PREFERENCE_PAGE, Source.FORM, Source.STAFF, Source.PHONE)
"""Wishes that a person expressed. One that was imported says nothing against their words."""


def said_against(person: Person) -> tuple[QuerySet[StatementTopic], ...]:
    """What this person said against topics, and what those did whom the CRM merged into them.

    The words of a contact that is there no more bind whoever has an address of theirs.
    """
    live = StatementTopic.objects.filter(is_for=False, statement__taken_back_at__isnull=True)
    at_their_address = Q(statement__recipient__held__address__held__recipient=person)
    return (
        live.filter(statement__recipient=person),
        live.filter(is_gone("statement__recipient"), at_their_address),
    )


def wished_since(person: Person, channel: str, *, at: datetime | None = None) -> Exists:
    """Whether the person asked for the topic by themselves after they spoke against it.

    And whether that wish counts at an instant, or now.
    """
    return Exists(
        wanted(at).filter(
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


def refused_in_words(recipient: Recipient) -> Iterator[tuple[int, str]]:
    """Topics by channel that their words keep from a person."""
    own, left = said_against(recipient)
    found = StatementTopic.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=left.values("pk")))
    wished = {channel: wished_since(recipient, channel) for channel in Channel}
    binding = found.exclude(said_for_since(recipient))
    for topic_id, *answers in binding.values_list("topic", *wished.values()):
        for channel, is_wished in zip(wished, answers, strict=True):
            if not is_wished:
                yield topic_id, channel
