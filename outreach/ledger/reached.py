"""Whom a campaign that was begun reaches, or may have: so as not to write to them twice (B10)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.ledger.models import Delivery, Run

State = Delivery.State
REACHED = (
    State.PLANNED,
    State.CLAIMED,
    State.SOFT_BOUNCED,
    State.SENT,
    State.DELIVERED,
    State.UNKNOWN,
)
"""What came back for good, or was refused by the provider, has reached nobody."""

HAS_REACHED = Q(run__started_at__isnull=False, state__in=REACHED)
"""A filter on Delivery."""


def runs_about(topic_id: int) -> QuerySet[Run]:
    """Of all campaigns about a topic: few beside their deliveries, and found once for all."""
    return Run.objects.filter(campaign__topic=topic_id).order_by()


def is_reached(campaign_ids: Iterable[int]) -> Q:
    """A filter on Recipient: those of any of these campaigns, once it is being sent."""
    reached = Delivery.objects.filter(
        HAS_REACHED, recipient=OuterRef("pk"), run__campaign__in=list(campaign_ids)
    )
    return Q(Exists(reached))
