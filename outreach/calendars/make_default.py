from django.db import transaction

from outreach.calendars.models import BusinessCalendar
from outreach.history.actor import Actor
from outreach.history.record import record


def make_default(calendar: BusinessCalendar, *, by: Actor) -> bool:
    """Make this the calendar of its tenant where none is named. False if it was already."""
    with transaction.atomic():
        siblings = BusinessCalendar.objects.filter(tenant=calendar.tenant)
        # Locked in key order: of two people who choose at once, the second sees the first's choice.
        list(siblings.select_for_update().order_by("pk").values_list("pk", flat=True))
        if siblings.filter(pk=calendar.pk, is_default=True).exists():
            return False
        siblings.filter(is_default=True).update(is_default=False)
        if not siblings.filter(pk=calendar.pk).update(is_default=True):
            raise BusinessCalendar.DoesNotExist
        record(calendar, "made the default calendar", by=by)
    return True
