"""Wishes that rest on what a person said in their own words: kept with them, and gone with them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from outreach.history.actor import Actor
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source, Subscription, Topic
from outreach.preferences.told import write_down
from outreach.preferences.wish_models import Statement, StatementTopic


def grant_by_words(
    statement: Statement, topics: Collection[Topic], *, channels: Iterable[str], by: Actor
) -> list[Topic]:
    """Keep these topics as wished, the statement being the proof; call it in a transaction.

    The last word counts: what was refused after the statement stays refused, and is returned. A
    wish that stands already keeps its own proof.
    """
    refused = _spoken_against_since(statement)
    for channel in channels:
        held = Subscription.objects.filter(recipient=statement.recipient, channel=channel)
        standing = set(held.filter(is_granted=True).values_list("topic", flat=True))
        since = held.filter(is_granted=False, since_at__gte=statement.said_at)
        refused |= set(since.exclude(record__source=Source.EXPIRY).values_list("topic", flat=True))
        wished = [topic for topic in topics if topic.pk not in standing | refused]
        if wished:
            write_down(
                statement.recipient,
                wished,
                is_wanted=True,
                channels=[channel],
                source=Source.STATEMENT,
                by=by,
                wording=statement.text,
                note=str(statement.get_source_display()),
            )
    return [topic for topic in topics if topic.pk in refused]


def withdraw_by_words(statement: Statement, topics: Collection[Topic], *, by: Actor) -> None:
    """End those wishes for these topics whose proof is this statement."""
    resting = Subscription.objects.filter(
        recipient=statement.recipient,
        topic__in=list(topics),
        is_granted=True,
        record__source=Source.STATEMENT,
        record__evidence__wording=statement.text,
    )
    by_channel: dict[str, list[Topic]] = defaultdict(list)
    for row in resting.select_related("topic"):
        by_channel[row.channel].append(row.topic)
    for channel, ended in by_channel.items():
        withdraw(
            statement.recipient,
            ended,
            channel=channel,
            source=Source.STATEMENT,
            by=by,
            note=_("What they had said does not count any more."),
        )


def _spoken_against_since(statement: Statement) -> set[int]:
    against = StatementTopic.objects.filter(
        statement__recipient=statement.recipient,
        statement__taken_back_at__isnull=True,
        statement__said_at__gt=statement.said_at,
        is_for=False,
    )
    return set(against.values_list("topic", flat=True))
