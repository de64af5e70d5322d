"""Statements 1 to 4, 6 and 7: who gets a message, once, and never after a no."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from outreach.conf import conf
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.preferences.models import Objection, Purpose, Suppression
from outreach.preferences.wanted import refused
from outreach.workplace.doctor.statement import Statement

Keys = QuerySet[Any, Any]
INCLUDED = Delivery.objects.filter(state__in=Delivery.INCLUDED)
COMMERCIAL = Attempt.objects.filter(delivery__run__campaign__purpose=Purpose.COMMERCIAL)


def person_twice() -> Keys:
    return _twice("run", "recipient")


def address_twice() -> Keys:
    return _twice("run", "address")


def coordinated_twice() -> Keys:
    return _twice("coordination_key", "recipient", also=Q(coordination_key__isnull=False))


def _twice(*fields: str, also: Q | None = None) -> Keys:
    rows = INCLUDED.filter(also or Q()).values(*fields).annotate(rows=Count("pk"))
    twice: Keys = rows.filter(rows__gt=1).order_by(*fields).values_list(*fields)
    return twice


def open_in_a_finished_run() -> Keys:
    finished = [Run.State.DONE, Run.State.STOPPED, Run.State.REPLACED]
    is_open = Q(state__in=Delivery.OPEN) & ~Q(run__state=Run.State.STOPPED, state="claimed")
    return Delivery.objects.filter(is_open, run__state__in=finished).values_list("pk", flat=True)


def excluded_without_reason() -> Keys:
    return Delivery.objects.filter(
        Q(state=Delivery.State.EXCLUDED, reason="")
        | ~Q(state=Delivery.State.EXCLUDED) & ~Q(reason="")
    ).values_list("pk", flat=True)


def sent_again_blindly() -> Keys:
    earlier = Attempt.objects.filter(delivery=OuterRef("delivery"), number__lt=OuterRef("number"))
    unsettled = earlier.exclude(outcome__in=Attempt.MAY_FOLLOW)
    return Attempt.objects.filter(Exists(unsettled)).values_list("pk", flat=True)


def claimed_after_a_stop() -> Keys:
    stop = Suppression.objects.filter(
        Q(lifted_at__isnull=True) | Q(lifted_at__gt=OuterRef("claimed_at")),
        Q(channel="") | Q(channel=OuterRef("delivery__channel")),
        since_at__lt=OuterRef("claimed_at"),
    )
    return COMMERCIAL.filter(
        Q(Exists(stop.filter(recipient=OuterRef("delivery__recipient"))))
        | Q(Exists(stop.filter(address=OuterRef("delivery__address"))))
    ).values_list("pk", flat=True)


def claimed_after_an_erasure() -> Keys:
    return Attempt.objects.filter(delivery__recipient__erased_at__lt=F("claimed_at")).values_list(
        "pk", flat=True
    )


def claimed_after_a_refusal() -> Keys:
    about = {"topic": OuterRef("delivery__run__campaign__topic")}
    before = {"since_at__lt": OuterRef("claimed_at")}
    own = refused().filter(
        recipient=OuterRef("delivery__recipient"),
        channel=OuterRef("delivery__channel"),
        **about,
        **before,
    )
    objected = Objection.objects.filter(address=OuterRef("delivery__address"), **about, **before)
    return COMMERCIAL.filter(Q(Exists(own)) | Q(Exists(objected))).values_list("pk", flat=True)


def audience_grew() -> Keys:
    """Rows of an audience are only ever left out or withdrawn once it was counted."""
    now = Count("deliveries", filter=Q(deliveries__state__in=Delivery.INCLUDED))
    return (
        Run.objects.filter(frozen_at__isnull=False)
        .annotate(now=now)
        .filter(now__gt=F("included"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def over_the_cap() -> Keys:
    near = timedelta(days=conf().cap_days - 1)
    before = (
        Delivery.objects.filter(
            recipient=OuterRef("recipient"),
            cap_on__gte=OuterRef("cap_on") - near,
            cap_on__lte=OuterRef("cap_on"),
        )
        .order_by()
        .values("recipient")
        .annotate(messages=Count("pk"))
        .filter(messages__gt=conf().cap_messages)
    )
    return (
        Delivery.objects.filter(cap_on__isnull=False)
        .filter(Exists(before.values("messages")))
        .values_list("pk", flat=True)
    )


def without_an_event() -> Keys:
    moved = Delivery.objects.exclude(
        state__in=[Delivery.State.PLANNED, Delivery.State.EXCLUDED, Delivery.State.WITHDRAWN]
    )
    events = DeliveryEvent.objects.filter(delivery=OuterRef("pk"))
    return moved.filter(~Exists(events)).values_list("pk", flat=True)


STATEMENTS = (
    Statement(1, "Nobody gets one run's message twice", person_twice),
    Statement(1, "No address gets one run's message twice", address_twice),
    Statement(1, "Nobody is in two campaigns that are coordinated", coordinated_twice),
    Statement(2, "In a run that is over every delivery has its end", open_in_a_finished_run),
    Statement(2, "Whoever is left out has a reason, and nobody else", excluded_without_reason),
    Statement(3, "Nothing is handed over again that may have gone out", sent_again_blindly),
    Statement(4, "Nothing was taken up after a stop", claimed_after_a_stop),
    Statement(4, "Nothing was taken up after an erasure", claimed_after_an_erasure),
    Statement(4, "Nothing was taken up after the topic was refused", claimed_after_a_refusal),
    Statement(6, "No audience grew after it was worked out", audience_grew),
    Statement(7, "Nobody counts for more messages than the limit", over_the_cap),
    Statement(13, "Every delivery that moved has its event", without_an_event),
)
