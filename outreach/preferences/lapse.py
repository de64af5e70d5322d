"""Wishes that were for a time and are over: put on record in batches, as periodic work.

Nothing waits for it: at the instant a wish is over no message goes out by it (`wanted`).
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outreach.preferences.consent_of_many import expire_each
from outreach.preferences.models import Subscription
from outreach.recipients.lock import lock_people

BATCH = 500
A_SWEEP_LASTS = timedelta(seconds=20)


def sweep() -> int:
    """Put on record what is over; returns how many wishes. After A_SWEEP_LASTS the next goes on."""
    until = timezone.now() + A_SWEEP_LASTS
    ended = 0
    while timezone.now() < until and (some := lapse_batch()):
        ended += some
    return ended


def lapse_batch() -> int:
    """End some of the wishes that are over, under the locks of their people.

    What somebody has renewed or refused meanwhile is left as they said.
    """
    over = Subscription.objects.filter(is_granted=True, valid_until__lte=timezone.now())
    with transaction.atomic():
        found = dict(over.order_by("valid_until", "pk").values_list("pk", "recipient")[:BATCH])
        lock_people(found.values())
        wishes = over.filter(pk__in=found).select_related("recipient", "topic").order_by("pk")
        expire_each(list(wishes))
    return len(found)
