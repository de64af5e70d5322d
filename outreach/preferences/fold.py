"""What is folded from the consent ledger: the last act of a person, topic and channel decides."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from outreach.preferences.models import Act, ConsentRecord, Subscription

KEY = ("recipient", "topic", "channel")
GRANTED = Q(record__act=Act.GRANT)
FOLDED = ("is_granted", "record", "since_at", "valid_until")


def fold(records: Iterable[ConsentRecord]) -> None:
    """Let these acts decide; each is the last one of its person, topic and channel."""
    Subscription.objects.bulk_create(
        [
            Subscription(
                recipient_id=row.recipient_id,
                topic_id=row.topic_id,
                channel=row.channel,
                is_granted=row.act == Act.GRANT,
                record=row,
                since_at=row.at,
                valid_until=row.valid_until,
            )
            for row in records
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=list(KEY),
        update_fields=list(FOLDED),
    )


def last_acts(records: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
    """Those of `records` that no later act of the same person, topic and channel follows."""
    later = ConsentRecord.objects.filter(**_same(), pk__gt=OuterRef("pk"))
    return records.filter(~Exists(later))


def not_as_folded(subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Those that say something else than the last act does, or that no act led to."""
    last = ConsentRecord.objects.filter(**_same()).order_by("-pk")
    says_when = Q(valid_until=F("record__valid_until")) | Q(
        valid_until__isnull=True, record__valid_until__isnull=True
    )
    agrees = (
        Q(last=F("record"), since_at=F("record__at"))
        & (GRANTED & Q(is_granted=True) | ~GRANTED & Q(is_granted=False))
        & says_when
    )
    return subscriptions.annotate(last=Subquery(last.values("pk")[:1])).exclude(agrees)


def not_folded(records: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
    """Acts of a person, topic and channel that has no subscription at all."""
    return records.filter(~Exists(Subscription.objects.filter(**_same())))


def never_told(subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Those that no act of theirs led to."""
    return subscriptions.filter(~Exists(ConsentRecord.objects.filter(**_same())))


def _same() -> dict[str, Any]:
    return {name: OuterRef(name) for name in KEY}
