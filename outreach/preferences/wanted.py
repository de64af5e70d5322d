"""What people want and what they refuse, as it stands at an instant."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from outreach.preferences.models import Act, Subscription
from outreach.prepared import Asked


def wanted(at: datetime | None = None) -> QuerySet[Subscription]:
    """Wishes that count at an instant, or now.

    A wish for a time ends with its time, whether or not the periodic work has noted it yet (B1).
    """
    return Subscription.objects.filter(counts(at or timezone.now()))


def counts(at: datetime | Asked) -> Q:
    """A filter on Subscription for wishes that count at an instant."""
    return Q(Q(valid_until__isnull=True) | Q(valid_until__gt=at), is_granted=True)


def refused() -> QuerySet[Subscription]:
    """What people said no to; a wish that is over was refused by nobody."""
    return Subscription.objects.filter(is_granted=False).exclude(record__act=Act.EXPIRE)
