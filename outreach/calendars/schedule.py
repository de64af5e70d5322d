from bisect import bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from outreach.calendars.public_holidays import holidays_in

if TYPE_CHECKING:
    from outreach.calendars.models import BusinessCalendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClosedDates:
    """Closures and public holidays together: ask `day in closed`."""

    starts: tuple[date, ...] = ()
    ends: tuple[date, ...] = ()
    country: str = ""
    subdivision: str = ""

    @classmethod
    def of(
        cls, closures: Iterable[tuple[date, date]], *, country: str = "", subdivision: str = ""
    ) -> Self:
        """From (first day, last day) pairs in any order; they may overlap."""
        ordered = sorted(closures)
        return cls(
            starts=tuple(first for first, _ in ordered),
            # The furthest end so far, so that one look finds a long closure behind a short one.
            ends=tuple(accumulate((last for _, last in ordered), max)),
            country=country,
            subdivision=subdivision,
        )

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        at = bisect_right(self.starts, day) - 1
        if at >= 0 and day <= self.ends[at]:
            return True
        return day in holidays_in(self.country, self.subdivision, day.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """On which local days a business is open. Weekdays as in `date.weekday()`: Monday is 0."""

    zone: ZoneInfo
    open_weekdays: frozenset[int]
    closed: Container[date] = frozenset()

    @classmethod
    def of(cls, calendar: "BusinessCalendar") -> Self:
        """The schedule of a stored calendar: one query, or none with prefetched closures."""
        return cls(
            zone=ZoneInfo(calendar.time_zone),
            open_weekdays=calendar.open_weekdays,
            closed=ClosedDates.of(
                [(closure.starts_on, closure.ends_on) for closure in calendar.closures.all()],
                country=calendar.country,
                subdivision=calendar.subdivision,
            ),
        )

    def is_open_on(self, day: date) -> bool:
        return day.weekday() in self.open_weekdays and day not in self.closed

    def begins_at(self, day: date) -> datetime:
        """The instant, in UTC, at which a local day begins and the one before it ends."""
        return _midnight(self.zone, day)

    def day_of(self, instant: datetime) -> date:
        """The local day that an instant belongs to."""
        day = instant.astimezone(self.zone).date()
        # Where clocks are turned back across midnight a date comes twice: days are told apart by
        # where they begin, so that they never overlap.
        following = day + ONE_DAY
        return following if instant >= self.begins_at(following) else day


@lru_cache(maxsize=8192)
def _midnight(zone: ZoneInfo, day: date) -> datetime:
    # A midnight that a clock change skips is read with the offset before the change (fold=0),
    # which gives the instant of the change: there the day begins.
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
