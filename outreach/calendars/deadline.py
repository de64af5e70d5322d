"""When an answer is due, if only open days count (B4). Pure: no clock, no database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from outreach.calendars.schedule import ONE_DAY, Schedule
from outreach.exceptions import OutreachError

__all__ = ["NeverOpen", "Schedule", "counted_between", "due_at"]

MOST_CLOSED_DAYS = 400


class NeverOpen(OutreachError):
    """More than `MOST_CLOSED_DAYS` closed days in a row: no deadline can be named."""


def due_at(schedule: Schedule, started_at: datetime, within: timedelta) -> datetime:
    """The instant, in UTC, at which `within` of open time is used up.

    An open local day counts with its real length (23 or 25 hours over a clock change), a closed
    one not at all. Raises ValueError for a naive `started_at` or a negative `within`, and
    NeverOpen.
    """
    if within < timedelta(0):
        raise ValueError("The time allowed for an answer cannot be negative.")
    start = _as_utc(started_at)
    left = within
    for day in _open_days(schedule, start):
        begins_at = max(start, schedule.begins_at(day))
        lasts = schedule.begins_at(day + ONE_DAY) - begins_at
        if left <= lasts:
            return begins_at + left
        left -= lasts
    raise AssertionError("open days do not end")  # pragma: no cover


def counted_between(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """The open time from `start` to `end`; zero when `end` is not after `start`.

    Raises ValueError for naive instants.
    """
    start, end = _as_utc(start), _as_utc(end)
    counted = timedelta(0)
    day = schedule.day_of(start)
    while (begins_at := schedule.begins_at(day)) < end:
        following = day + ONE_DAY
        if schedule.is_open_on(day):
            counted += min(end, schedule.begins_at(following)) - max(start, begins_at)
        day = following
    return max(counted, timedelta(0))


def _open_days(schedule: Schedule, start: datetime) -> Iterator[date]:
    """Open local days from that of `start` on, without end."""
    day = schedule.day_of(start)
    closed_days = 0
    while closed_days <= MOST_CLOSED_DAYS:
        if schedule.is_open_on(day):
            closed_days = 0
            yield day
        else:
            closed_days += 1
        day += ONE_DAY
    raise NeverOpen(
        f"There is no open day in the {MOST_CLOSED_DAYS} days before {day:%Y-%m-%d}. "
        "Open a weekday in the calendar, or shorten its closures."
    )


def _as_utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("An instant needs a time zone.")
    return instant.astimezone(UTC)
