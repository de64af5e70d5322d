"""Messages that a person let pass: what fatigue is counted by, without opens or clicks (D3)."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from outreach.conf import conf
from outreach.eligibility.rule import Question
from outreach.ledger.models import Delivery
from outreach.ledger.reached import runs_about

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def ignored(question: Question) -> QuerySet[Delivery]:
    """Messages about the topic, each delivered so long ago that a sign of life was due.

    There was none since, of whoever got it: no answer, order, choice or click on “go on”.
    """
    return Delivery.objects.filter(
        run__in=runs_about(question.topic_id),
        delivered_at__lte=question.at - conf().sign_within,
        delivered_at__gt=Coalesce(F("recipient__last_sign_at"), Value(_NEVER)),
    )


def is_last_call(question: Question) -> Q:
    """Whether the next message has to ask if it may go on, since after it the topic is silent."""
    rows = ignored(question)
    return question.has(at_least(question.silent_after - 1, rows)) & ~question.has(
        rows.filter(asks_to_go_on=True)
    )


def at_least(count: int, rows: QuerySet[Delivery]) -> QuerySet[Any]:
    """One row for each person who has so many of these messages; `asked` of them asked."""
    asked = Count("pk", filter=Q(asks_to_go_on=True))
    of_person = rows.values("recipient").annotate(messages=Count("pk"), asked=asked)
    return of_person.filter(messages__gte=count)
