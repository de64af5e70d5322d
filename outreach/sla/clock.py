"""Start, stop and judge the clocks of those who wait for an answer (B4, statements 11 and 12).

Each step is safe to repeat and to run twice at once: it moves rows only from the state it found.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from outreach.conversations.models import Conversation, Message
from outreach.conversations.waiting import answers, unanswered
from outreach.history.actor import SYSTEM
from outreach.history.record import record_each
from outreach.sla.due import Promise
from outreach.sla.models import Clock
from outreach.sla.reopen import reopen_bounced

BATCH = 500


def sweep() -> int:
    """Bring all clocks up to date; returns how many rows were moved."""
    return reopen_bounced() + start_clocks() + stop_clocks() + record_breaches()


def start_clocks() -> int:
    """Give a clock to each conversation in which a person waits and none runs.

    One clock for one message, ever; its deadline is fixed here and no later policy moves it.
    """
    clocked = Clock.objects.filter(started_by=OuterRef("pk"))
    waiting = (
        unanswered()
        .filter(~Exists(clocked), conversation__running_clock__isnull=True)
        .order_by("at", "pk")
        .select_related("conversation")[:BATCH]
    )
    first: dict[int, Message] = {}
    for message in waiting:
        first.setdefault(message.conversation_id, message)
    tenants = {message.conversation.tenant for message in first.values()}
    promises = {tenant: Promise.of(tenant) for tenant in tenants}
    clocks = [
        Clock(
            conversation_id=message.conversation_id,
            running_slot_id=message.conversation_id,
            started_by=message,
            started_at=message.at,
            due_at=promises[message.conversation.tenant].due_at(message.at),
        )
        for message in first.values()
    ]
    # Whoever else runs this now may have been faster: its clock stays, ours is ignored.
    Clock.objects.bulk_create(clocks, ignore_conflicts=True)
    return Clock.objects.filter(started_by__in=list(first.values())).count()


def stop_clocks() -> int:
    """Stop each clock by the first answer that went out after it began."""
    answer = _answers_since_start().order_by("accepted_at", "pk")
    return _move(
        _running().filter(Exists(answer)),
        "answered",
        running_slot=None,
        stopped_by=Subquery(answer.values("pk")[:1]),
        stopped_at=Subquery(answer.values("accepted_at")[:1]),
    )


def record_breaches() -> int:
    """Put on record, for good, each clock that ran past its deadline (statement 12)."""
    in_time = _answers_since_start().filter(accepted_at__lte=OuterRef("due_at"))
    overdue = Q(stopped_at__isnull=True, due_at__lt=timezone.now()) & ~Exists(in_time)
    late = Clock.objects.filter(overdue | Q(stopped_at__gt=F("due_at")))
    return _move(late.filter(breached_at__isnull=True), "answer late", breached_at=F("due_at"))


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(running_slot__isnull=False)


def _answers_since_start() -> QuerySet[Message]:
    return answers().filter(
        conversation=OuterRef("conversation"), accepted_at__gt=OuterRef("started_at")
    )


def _move(clocks: QuerySet[Clock], verb: str, **to: Any) -> int:
    """Update these rows as long as they are as `clocks` says, and write it into the history."""
    with transaction.atomic():
        found = clocks.select_for_update().order_by("pk").values_list("pk", "conversation")
        rows = list(found[:BATCH])
        won = clocks.filter(pk__in=[pk for pk, _conversation in rows]).update(**to) if rows else 0
        if won:
            ids = {conversation for _pk, conversation in rows}
            record_each(Conversation.objects.filter(pk__in=ids), verb, by=SYSTEM)
    return won
