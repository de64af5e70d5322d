from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.translation import get_language

from outreach.calendars.models import BusinessCalendar
from outreach.calendars.public_holidays import holidays_in


@dataclass(frozen=True, slots=True, order=True)
class ClosedSpell:
    """Days closed out of turn, first and last included, and why."""

    starts_on: date
    ends_on: date
    reason: str


def next_closed_spells(
    calendar: BusinessCalendar, today: date, *, most: int = 10
) -> list[ClosedSpell]:
    """Closures and public holidays from `today` on, soonest first, within about a year.

    The weekdays that are always closed are left out: they would fill the list. One query.
    """
    closures = [
        ClosedSpell(closure.starts_on, closure.ends_on, closure.reason)
        for closure in calendar.closures.filter(ends_on__gte=today).order_by("starts_on")[:most]
    ]
    return sorted([*closures, *islice(_public_holidays(calendar, today), most)])[:most]


def _public_holidays(calendar: BusinessCalendar, today: date) -> Iterator[ClosedSpell]:
    language = get_language() or "en"
    for year in (today.year, today.year + 1):
        found = holidays_in(calendar.country, calendar.subdivision, year, language=language)
        for day, name in found.items():
            if day >= today and day.weekday() in calendar.open_weekdays:
                yield ClosedSpell(day, day, name)
