"""What befalls an attempt: every event moves the delivery by a conditional UPDATE, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.history.actor import SYSTEM
from outreach.history.record import record
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.signals import delivery_settled, nudge

Kind = DeliveryEvent.Kind
State = Delivery.State
Outcome = Attempt.Outcome

REPORTED = (Kind.DELIVERED, Kind.SOFT_BOUNCED, Kind.HARD_BOUNCED)
HANDED_OVER = (
    State.CLAIMED,
    State.SENT,
    State.UNKNOWN,
    State.DELIVERED,
    State.SOFT_BOUNCED,
    State.BOUNCED,
)


def note(
    attempt: Attempt,
    kind: str,
    *,
    at: datetime,
    detail: str = "",
    dedupe_key: str | None = None,
) -> bool:
    """Keep an event and apply it; False if this very event was kept before.

    Repeats and any order are harmless: the moves allowed lead to the same end.
    """
    with transaction.atomic():
        if kind == Kind.SOFT_BOUNCED:  # decides about the run too, which comes first (a stop)
            runs = Delivery.objects.filter(pk=attempt.delivery_id).values("run")
            Run.objects.select_for_update().get(pk__in=runs)
        Delivery.objects.select_for_update().get(pk=attempt.delivery_id)
        _event, is_new = DeliveryEvent.objects.get_or_create(
            dedupe_key=dedupe_key or f"{attempt.key.hex}:{kind}",
            defaults={
                "delivery_id": attempt.delivery_id,
                "attempt": attempt,
                "kind": kind,
                "at": at,
                "detail": detail[:250],
            },
        )
        if is_new:
            _apply(attempt, kind, at)
            nudge(delivery_settled, delivery_id=attempt.delivery_id)
    return is_new


def _apply(attempt: Attempt, kind: str, at: datetime) -> None:
    delivery = Delivery.objects.filter(pk=attempt.delivery_id)
    if kind == Kind.COMPLAINED:
        delivery.filter(complained_at__isnull=True).update(complained_at=at)
    if kind == Kind.DELIVERED:
        delivery.filter(delivered_at__isnull=True).update(delivered_at=at)
    if kind in (*REPORTED, Kind.COMPLAINED):
        # The provider knows of it, so it was handed over, whatever we could record.
        Attempt.objects.filter(
            pk=attempt.pk, outcome__in=[Outcome.IN_FLIGHT, Outcome.UNKNOWN]
        ).update(outcome=Outcome.ACCEPTED, settled_at=at)
        if _is_latest(attempt):
            delivery.filter(state__in=[State.CLAIMED, State.UNKNOWN]).update(
                state=State.SENT, lease_until=None
            )
    if kind in REPORTED and _is_latest(attempt):
        _end(attempt)


def _end(attempt: Attempt) -> None:
    """What all reports of the last attempt come to, in whatever order they came.

    A hard bounce is the last word, even over “delivered” (some providers accept first); what
    was delivered is not tried again, whatever soft bounce was reported as well.
    """
    kinds = set(attempt.events.values_list("kind", flat=True))
    if not kinds & {Kind.HARD_BOUNCED, Kind.DELIVERED}:
        _soft_bounce(attempt)
        return
    state = State.BOUNCED if Kind.HARD_BOUNCED in kinds else State.DELIVERED
    Attempt.objects.filter(pk=attempt.pk, outcome=Outcome.SOFT_BOUNCED).update(
        outcome=Outcome.ACCEPTED
    )
    Delivery.objects.filter(pk=attempt.delivery_id, state__in=HANDED_OVER).update(
        state=state, lease_until=None, retry_at=None
    )


def _soft_bounce(attempt: Attempt) -> None:
    """Try again later, a bounded number of times; then it has come back for good (B2)."""
    Attempt.objects.filter(pk=attempt.pk).update(outcome=Outcome.SOFT_BOUNCED)
    run = Run.objects.select_related("campaign").get(deliveries=attempt.delivery_id)
    may_retry = attempt.number <= conf().soft_bounce_retries and run.state != Run.State.STOPPED
    moved = Delivery.objects.filter(pk=attempt.delivery_id, state=State.SENT).update(
        state=State.SOFT_BOUNCED if may_retry else State.BOUNCED,
        retry_at=timezone.now() + timedelta(hours=4**attempt.number) if may_retry else None,
        lease_until=None,
    )
    if moved and may_retry:
        reopen(run)


def reopen(run: Run) -> None:
    """A run in which something has to be tried again is not over."""
    if Run.objects.filter(pk=run.pk, state=Run.State.DONE).update(
        state=Run.State.SENDING, finished_at=None
    ):
        record(run, "run.reopened", by=SYSTEM)
        advance(run.campaign, to=Campaign.State.SENDING, frm=[Campaign.State.SENT], by=SYSTEM)


def _is_latest(attempt: Attempt) -> bool:
    return not Attempt.objects.filter(
        delivery=attempt.delivery_id, number__gt=attempt.number
    ).exists()
