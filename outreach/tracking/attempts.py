"""What a provider's report does to a message of a campaign, and to the person it was for (B2)."""

from django.db import transaction

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Attempt, DeliveryEvent
from outreach.ledger.settle import note
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report

METADATA_NAME = "outreach_attempt"

KINDS = {
    Effect.DELIVERED: DeliveryEvent.Kind.DELIVERED,
    Effect.SOFT: DeliveryEvent.Kind.SOFT_BOUNCED,
    Effect.HARD: DeliveryEvent.Kind.HARD_BOUNCED,
    Effect.COMPLAINT: DeliveryEvent.Kind.COMPLAINED,
    Effect.UNSUBSCRIBED: DeliveryEvent.Kind.UNSUBSCRIBED,
}


def take(report: Report) -> bool:
    """Apply a report to its attempt, each kind once; False if it is on none of ours."""
    attempt = _find(report)
    if attempt is None:
        return False
    if report.effect in KINDS:
        with transaction.atomic():
            # Only what is new may stop anything: a repeat must not undo what staff lifted since.
            if note(attempt, KINDS[report.effect], at=report.at, detail=report.detail):
                _stop(attempt, report)
    return True


def _find(report: Report) -> Attempt | None:
    attempts = Attempt.objects.select_related("delivery__recipient", "delivery__address")
    if report.key:
        return attempts.filter(key=report.key).first()
    if not report.message_id:
        return None
    # An id that several messages share tells of none of them.
    found = attempts.filter(provider_message_id=report.message_id)[:2]
    return found[0] if len(found) == 1 else None


def _stop(attempt: Attempt, report: Report) -> None:
    recipient, address = attempt.delivery.recipient, attempt.delivery.address
    if report.effect is Effect.HARD and address:
        suppress(
            reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address, note=report.detail
        )
    elif report.effect is Effect.COMPLAINT:
        suppress(
            reason=Suppression.Reason.COMPLAINT, by=CUSTOMER, recipient=recipient, address=address
        )
    elif report.effect is Effect.UNSUBSCRIBED:
        suppress(
            reason=Suppression.Reason.UNSUBSCRIBED,
            by=CUSTOMER,
            recipient=recipient,
            address=address,
        )
