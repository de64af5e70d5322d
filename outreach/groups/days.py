"""Comparisons of dates as half-open spans of whole days, so that instants and dates are alike."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from outreach.groups.facts import Value

DAY = timedelta(days=1)


def span_of(lookup: str, value: Value) -> tuple[date | None, date | None]:
    """First day, and the day after the last; None is open. Today is where the house is."""
    if isinstance(value, date):
        spans: dict[str, tuple[date | None, date | None]] = {
            "equals": (value, value + DAY),
            "before": (None, value),
            "after": (value + DAY, None),
        }
        return spans[lookup]
    today = timezone.localdate()
    first = today - timedelta(days=int(str(value)))
    return {"in_last": (first, today + DAY), "longer_ago": (None, first)}[lookup]


def start_of(day: date) -> datetime:
    """The instant at which a day begins here."""
    start = datetime.combine(day, time.min)
    return timezone.make_aware(start) if settings.USE_TZ else start
