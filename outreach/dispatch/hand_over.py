"""Hand a claimed sub-batch to the provider and keep what came of each message."""

from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from outreach.campaigns.models import Variant
from outreach.conf import conf
from outreach.dispatch import hold
from outreach.dispatch.channels import email
from outreach.dispatch.claim import Claim
from outreach.dispatch.outcome import Fate, HandedOver
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run

Kind = DeliveryEvent.Kind
State = Delivery.State
Outcome = Attempt.Outcome

FAILURES_IN_A_ROW = 3
"""After so many a run is held: an outage must not use up everybody (C2)."""

WRITTEN = {
    Fate.ACCEPTED: (Outcome.ACCEPTED, State.SENT, Kind.SENT),
    Fate.REFUSED: (Outcome.REFUSED, State.REFUSED, Kind.REFUSED),
    Fate.NOT_SENT: (Outcome.RELEASED, State.PLANNED, Kind.RELEASED),
    Fate.UNKNOWN: (Outcome.UNKNOWN, State.UNKNOWN, Kind.UNKNOWN),
}


def hand_over(claim: Claim, run: Run, connection: BaseEmailBackend) -> int:
    """Send what was claimed, each message at most once; returns how many were accepted.

    What cannot be begun before `claim.until` is given back, so that an opt-out never waits long
    behind a slow provider (statement 4).
    """
    variant = Variant.objects.select_related("campaign__sender", "campaign__topic").get(
        campaign=run.campaign_id, channel=run.channel
    )
    attempts = Attempt.objects.select_related("delivery__recipient", "delivery__address").filter(
        pk__in=[attempt.pk for attempt in claim.attempts]
    )
    accepted = failed = 0
    for attempt in attempts:
        if timezone.now() >= claim.until:
            break
        if not _mark(attempt):
            continue
        result = email.hand_over(attempt, variant, connection)
        settle(attempt, result)
        accepted += result.fate == Fate.ACCEPTED
        failed = 0 if result.fate == Fate.ACCEPTED else failed + 1
        if result.is_our_fault or failed == FAILURES_IN_A_ROW:
            hold.hold(run, result.detail)
            break
    release(claim)
    return accepted


def settle(attempt: Attempt, result: HandedOver) -> None:
    """Write what came of one hand-over; a webhook that was faster keeps its word."""
    outcome, state, kind = WRITTEN[result.fate]
    with transaction.atomic():
        # The delivery before the attempt, as everywhere: a webhook may be writing both.
        Delivery.objects.select_for_update().get(pk=attempt.delivery_id)
        won = Attempt.objects.filter(pk=attempt.pk, outcome=Outcome.IN_FLIGHT).update(
            outcome=outcome,
            settled_at=timezone.now(),
            provider_message_id=result.provider_message_id[:200],
            detail=result.detail[:250],
        )
        if not won:
            Attempt.objects.filter(pk=attempt.pk, provider_message_id="").update(
                provider_message_id=result.provider_message_id[:200]
            )
            return
        Delivery.objects.filter(pk=attempt.delivery_id, state=State.CLAIMED).update(
            state=state, lease_until=None
        )
        DeliveryEvent.objects.create(
            delivery_id=attempt.delivery_id, attempt=attempt, kind=kind, detail=result.detail[:250]
        )


def release(claim: Claim) -> int:
    """Give back what was claimed and not begun."""
    return _give_back([attempt.pk for attempt in claim.attempts])


def sweep_leases() -> int:
    """Settle claims whose worker died: what was not begun goes back, the rest is not known (3)."""
    now = timezone.now()
    late = Attempt.objects.filter(
        outcome=Outcome.IN_FLIGHT,
        delivery__state=State.CLAIMED,
        delivery__lease_until__lt=now,
    ).order_by("pk")[: conf().claim_size * 20]
    ids = list(late.values_list("pk", flat=True))
    released = _give_back(ids)
    for attempt in Attempt.objects.filter(
        pk__in=ids, outcome=Outcome.IN_FLIGHT, handed_over_at__isnull=False
    ):
        settle(attempt, HandedOver(Fate.UNKNOWN, detail="the worker ended before the answer"))
        released += 1
    return released


def _mark(attempt: Attempt) -> bool:
    """Make it durable that this hand-over begins now; False if it was given back (3)."""
    return bool(
        Attempt.objects.filter(
            pk=attempt.pk, outcome=Outcome.IN_FLIGHT, handed_over_at__isnull=True
        ).update(handed_over_at=timezone.now())
    )


def _give_back(attempt_ids: list[int]) -> int:
    with transaction.atomic():
        mine = Delivery.objects.filter(attempts__in=attempt_ids).order_by("pk")
        list(Delivery.objects.select_for_update().filter(pk__in=mine.values("pk")).order_by("pk"))
        ids = list(
            Attempt.objects.select_for_update()
            .filter(pk__in=attempt_ids, outcome=Outcome.IN_FLIGHT, handed_over_at__isnull=True)
            .values_list("pk", "delivery")
        )
        Attempt.objects.filter(
            pk__in=[pk for pk, _delivery in ids], handed_over_at__isnull=True
        ).update(outcome=Outcome.RELEASED, settled_at=timezone.now())
        Delivery.objects.filter(
            pk__in=[delivery for _pk, delivery in ids], state=State.CLAIMED
        ).update(state=State.PLANNED, lease_until=None, claim_key=None)
        DeliveryEvent.objects.bulk_create(
            [
                DeliveryEvent(delivery_id=delivery, attempt_id=pk, kind=Kind.RELEASED)
                for pk, delivery in ids
            ]
        )
    return len(ids)
