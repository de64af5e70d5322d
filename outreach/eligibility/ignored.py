"""Messages that a person let pass: what fatigue is counted by, without opens or clicks (D3)."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from outreach.conf import conf
from outreach.eligibility.rule import Question
from outreach.ledger.models import Delivery

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def ignored(question: Question) -> QuerySet[Delivery]:
    """Messages about the topic, each delivered so long ago that a sign of life was due.

    There was none since the oldest of them: no answer, order, choice or click on “go on”.
    """
    last_sign = Coalesce(OuterRef("last_sign_at"), Value(_NEVER))
    rows: QuerySet[Delivery] = question.of_person(
        Delivery.objects.filter(
            run__campaign__topic=question.topic_id,
            delivered_at__lte=question.at - conf().sign_within,
            delivered_at__gt=last_sign,
        )
    )
    return rows


def is_last_call(question: Question) -> Q:
    """Whether the next message has to ask if it may go on, since after it the topic is silent."""
    rows = ignored(question)
    return Q(Exists(at_least(question.silent_after - 1, rows))) & ~Q(
        Exists(rows.filter(asks_to_go_on=True))
    )


def at_least(count: int, rows: QuerySet[Delivery]) -> "QuerySet[Delivery, Any]":
    """Something where one person has so many of these messages, else nothing."""
    counted = rows.values("recipient").annotate(messages=Count("pk")).values("messages")
    return counted.filter(messages__gte=count)
