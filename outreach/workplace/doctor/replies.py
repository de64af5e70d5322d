"""Statements 10 to 12: people are answered by people, and what was late stays on record."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from outreach.conversations.models import Message
from outreach.sla.models import Clock
from outreach.workplace.doctor.statement import Statement

Keys = QuerySet[Any, Any]
GRACE = timedelta(minutes=10)
"""How long the periodic work may take before what it has not done counts as a violation."""


def machines_talking() -> Keys:
    last_in = Message.objects.filter(
        conversation=OuterRef("conversation"),
        direction=Message.Direction.IN,
        at__lte=OuterRef("at"),
        is_automatic=True,
    )
    automatic = Message.objects.filter(direction=Message.Direction.OUT, is_automatic=True)
    return automatic.filter(Exists(last_in)).values_list("pk", flat=True)


def nobody_watches() -> Keys:
    """A person's message that is neither answered nor on a clock."""
    answered = Message.objects.filter(
        conversation=OuterRef("conversation"),
        direction=Message.Direction.OUT,
        state=Message.State.ACCEPTED,
        is_automatic=False,
        accepted_at__gt=OuterRef("at"),
    )
    watched = Clock.objects.filter(conversation=OuterRef("conversation"))
    running = watched.filter(running_slot__isnull=False)
    return (
        Message.objects.filter(
            direction=Message.Direction.IN,
            is_automatic=False,
            erased_at__isnull=True,
            at__lt=timezone.now() - GRACE,
        )
        .filter(
            ~Exists(answered), ~Exists(running), ~Exists(watched.filter(started_by=OuterRef("pk")))
        )
        .values_list("pk", flat=True)
    )


def stopped_by_no_answer() -> Keys:
    is_answer = Q(
        stopped_by__direction=Message.Direction.OUT,
        stopped_by__state=Message.State.ACCEPTED,
        stopped_by__is_automatic=False,
        stopped_by__conversation=F("conversation"),
    )
    stopped = Clock.objects.filter(
        stopped_at__lt=timezone.now() - GRACE, started_by__erased_at__isnull=True
    )
    return stopped.exclude(is_answer).values_list("pk", flat=True)


def late_and_not_on_record() -> Keys:
    late = Q(stopped_at__gt=F("due_at")) | Q(
        stopped_at__isnull=True, due_at__lt=timezone.now() - GRACE
    )
    return Clock.objects.filter(late, breached_at__isnull=True).values_list("pk", flat=True)


STATEMENTS = (
    Statement(10, "No automatic message answers an automatic one", machines_talking),
    Statement(11, "Every person's message has its clock or its answer", nobody_watches),
    Statement(11, "Only a person's answer that went out stops a clock", stopped_by_no_answer),
    Statement(12, "Every late answer is on record as late", late_and_not_on_record),
)
