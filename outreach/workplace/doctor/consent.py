"""Statement 8: what a person chose is the fold of the ledger."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from outreach.preferences.models import Act, ConsentRecord, Subscription
from outreach.workplace.doctor.statement import Statement

Keys = QuerySet[Any, Any]


def _same(**more: Any) -> dict[str, Any]:
    return {
        "recipient": OuterRef("recipient"),
        "topic": OuterRef("topic"),
        "channel": OuterRef("channel"),
        **more,
    }


def subscription_is_not_the_fold() -> Keys:
    last = ConsentRecord.objects.filter(**_same()).order_by("-pk")
    folded = Subscription.objects.annotate(
        last=Subquery(last.values("pk")[:1]),
        wanted=Subquery(
            last.annotate(
                is_grant=Case(When(act=Act.GRANT, then=Value(True)), default=Value(False))
            ).values("is_grant")[:1]
        ),
    )
    return folded.filter(
        Q(last__isnull=True) | ~Q(last=F("record")) | ~Q(wanted=F("is_granted"))
    ).values_list("pk", flat=True)


def record_without_subscription() -> Keys:
    folded = Subscription.objects.filter(**_same())
    return ConsentRecord.objects.filter(~Exists(folded)).values_list("pk", flat=True)


STATEMENTS = (
    Statement(8, "Every subscription is the fold of the ledger", subscription_is_not_the_fold),
    Statement(8, "Every act in the ledger is folded", record_without_subscription),
)
