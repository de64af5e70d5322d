"""Let nothing more go out to a person who is erased; what did stays on record, without words."""

from django.db.models import QuerySet
from django.utils import timezone

from outreach.ledger.models import Attempt, Delivery, DeliveryEvent
from outreach.ledger.plan import left_out
from outreach.recipients.held import Erasure
from outreach.recipients.models import Recipient

State = Delivery.State
Outcome = Attempt.Outcome
REASON = "erased"


def lock_open(recipient: Recipient) -> None:
    """Their deliveries that may still move, before the person, as a claim locks them."""
    list(_open(recipient).select_for_update().order_by("pk").values_list("pk", flat=True))


def forget(erasure: Erasure) -> None:
    """Leave out what has not begun to be handed over, as the next claim would.

    What is being handed over right now ends as it ends (statement 4).
    """
    begun = Attempt.objects.filter(outcome=Outcome.IN_FLIGHT, handed_over_at__isnull=False)
    rows = list(_open(erasure.recipient).exclude(attempts__in=begun).order_by("pk"))
    Attempt.objects.filter(
        delivery__in=rows, outcome=Outcome.IN_FLIGHT, handed_over_at__isnull=True
    ).update(outcome=Outcome.RELEASED, settled_at=timezone.now())
    # Whoever marks an attempt as begun does not lock its delivery: those that won are left alone.
    won = Attempt.objects.filter(delivery__in=rows, outcome=Outcome.IN_FLIGHT)
    lost = set(won.values_list("delivery", flat=True))
    gone = [row for row in rows if row.pk not in lost]
    Delivery.objects.filter(pk__in=[row.pk for row in gone]).update(**left_out(REASON))
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(delivery=row, kind=DeliveryEvent.Kind.EXCLUDED, detail=REASON)
            for row in gone
        ]
    )


def _open(recipient: Recipient) -> QuerySet[Delivery]:
    return Delivery.objects.filter(recipient=recipient, state__in=Delivery.OPEN)
