"""Statement 8: what a person chose is the fold of a ledger that nobody can rewrite."""

from datetime import timedelta
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet
from django.utils import timezone

from outreach.history.triggers import is_guardable, missing
from outreach.preferences.fold import not_as_folded, not_folded
from outreach.preferences.models import ConsentRecord, Subscription
from outreach.workplace.doctor.statement import Statement

Keys = QuerySet[Any, Any]
GRACE = timedelta(minutes=10)


def subscription_is_not_the_fold() -> Keys:
    return not_as_folded(Subscription.objects.all()).values_list("pk", flat=True)


def record_without_subscription() -> Keys:
    return not_folded(ConsentRecord.objects.all()).values_list("pk", flat=True)


def over_and_not_on_record() -> Keys:
    """Nothing goes out by it; but the ledger should say by when it was over."""
    over = Subscription.objects.filter(is_granted=True, valid_until__lt=timezone.now() - GRACE)
    return over.values_list("pk", flat=True)


def not_guarded() -> list[str]:
    connection = connections[router.db_for_write(ConsentRecord)]
    return missing(connection) if is_guardable(connection) else [connection.vendor]


STATEMENTS = (
    Statement(8, "Every subscription is the fold of the ledger", subscription_is_not_the_fold),
    Statement(8, "Every act in the ledger is folded", record_without_subscription),
    Statement(8, "Every wish whose time is over is on record as over", over_and_not_on_record),
    Statement(8, "The database refuses to change or delete what is on record", not_guarded),
)
