"""Make what people chose the fold of the ledger again, should it ever not be (statement 8).

The ledger is right: nothing is ever written to it here. It goes by ranges of people, so that
memory stays flat, and mends under their locks, so that it may run while others choose.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from outreach.preferences.fold import fold, last_acts, never_told, not_as_folded, not_folded
from outreach.preferences.models import ConsentRecord, Subscription
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient

RANGE = 10_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A person, topic and channel (by key) for which something else is kept than was said."""

    recipient_id: int
    topic_id: int
    channel: str
    is_missing: bool


def differences(size: int = RANGE) -> Iterator[list[Difference]]:
    """What differs, by ranges of so many people; empty lists tell of progress."""
    for first, last in _ranges(size):
        yield _differences_of(
            Subscription.objects.filter(recipient__gte=first, recipient__lte=last),
            ConsentRecord.objects.filter(recipient__gte=first, recipient__lte=last),
        )


def mend(found: Iterable[Difference]) -> int:
    """Mend what still differs of these people, in batches; returns how many rows did."""
    people = sorted({each.recipient_id for each in found})
    return sum(_mend(people[at : at + BATCH]) for at in range(0, len(people), BATCH))


def _mend(people: list[int]) -> int:
    with transaction.atomic():
        lock_people(people)
        kept = Subscription.objects.filter(recipient__in=people)
        acts = ConsentRecord.objects.filter(recipient__in=people)
        wrong = {
            (each.recipient_id, each.topic_id, each.channel) for each in _differences_of(kept, acts)
        }
        told = [
            act for act in last_acts(acts) if (act.recipient_id, act.topic_id, act.channel) in wrong
        ]
        never_told(kept).delete()
        fold(told)
    return len(wrong)


def _differences_of(
    kept: QuerySet[Subscription], acts: QuerySet[ConsentRecord]
) -> list[Difference]:
    keys = ("recipient", "topic", "channel")
    wrong = not_as_folded(kept).values_list(*keys)
    missing = not_folded(acts).order_by().values_list(*keys).distinct()
    return [
        Difference(person, topic, channel, is_missing=is_missing)
        for rows, is_missing in ((wrong, False), (missing, True))
        for person, topic, channel in rows
    ]


def _ranges(size: int) -> Iterator[tuple[int, int]]:
    last = 0
    while True:
        people = Recipient.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        found = list(people[:size])
        if not found:
            return
        last = found[-1]
        yield found[0], last
