"""How many people were answered in time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils import timezone

from outreach.sla.models import Clock
from outreach.tenancy import current_tenant


@dataclass(frozen=True, slots=True)
class Measured:
    """Of `settled` messages, `in_time` were answered before their deadline."""

    in_time: int
    settled: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None while nothing is settled."""
        return self.in_time / self.settled if self.settled else None


def measure(*, since: datetime | None = None, tenant: str | None = None) -> Measured:
    """Messages that came in from `since` on: those answered, and those overdue without an answer.

    What may still be answered in time counts neither way.
    """
    is_overdue = Q(stopped_at__isnull=True, due_at__lt=timezone.now())
    tenant = current_tenant() if tenant is None else tenant
    clocks = Clock.objects.filter(conversation__tenant=tenant)
    if since:
        clocks = clocks.filter(started_at__gte=since)
    figures = clocks.aggregate(
        in_time=Count("pk", filter=Q(stopped_at__lte=F("due_at"), breached_at__isnull=True)),
        settled=Count("pk", filter=Q(stopped_at__isnull=False) | is_overdue),
    )
    return Measured(**figures)
