"""What an order in the CRM says of how well we know a person (A4)."""

from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from django.utils import timezone

from outreach.recipients.models import Recipient, Stage
from outreach.recipients.sources import HostContact

OF_ORDERS = ("stage", "stage_since_at", "last_order_on", "last_sign_at")
_CUSTOMER, _LAPSED = Stage.CUSTOMER.value, Stage.LAPSED.value


def keep_order(person: Recipient, contact: HostContact) -> None:
    """Set, and do not save, OF_ORDERS of a person by what the CRM knows of their orders.

    Who bought once is a customer. Who lapsed is one again with an order that is new to us.
    """
    ordered_on = contact.last_order_on
    if ordered_on is None and not contact.is_customer:
        return
    now = timezone.now()
    is_new = ordered_on is not None and (
        person.last_order_on is None or ordered_on > person.last_order_on
    )
    if ordered_on is not None and is_new:
        person.last_order_on = ordered_on
        at = _end_of(ordered_on, timezone.get_default_timezone())
        if person.last_sign_at is None or person.last_sign_at < at:
            person.last_sign_at = min(at, now)
    is_back = is_new and person.pk is not None
    if person.stage != _CUSTOMER and (is_back or person.stage != _LAPSED):
        person.stage, person.stage_since_at = _CUSTOMER, now


@lru_cache
def _end_of(day: date, zone: tzinfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max), zone)
