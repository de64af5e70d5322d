"""B4: 24 elapsed hours, days on which the business is closed not counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.calendars.deadline import NeverOpen, Schedule, counted_between, due_at
from outreach.calendars.schedule import ClosedDates

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
WORKING_WEEK = frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY})
WHOLE_WEEK = frozenset(range(7))
ROME = ZoneInfo("Europe/Rome")


def italian(*, open_weekdays: frozenset[int] = WORKING_WEEK) -> Schedule:
    return Schedule(
        zone=ROME,
        open_weekdays=open_weekdays,
        closed=ClosedDates.of([(date(2026, 8, 3), date(2026, 8, 28))], country="IT"),
    )


def local(text: str, zone: ZoneInfo = ROME) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("arrives", "hours", "due"),
    [
        pytest.param("2026-04-14 09:00", 24, "2026-04-15 09:00", id="within the week"),
        pytest.param("2026-04-10 17:00", 24, "2026-04-13 17:00", id="over the weekend"),
        pytest.param("2026-04-10 17:00", 48, "2026-04-14 17:00", id="two days over the weekend"),
        pytest.param("2026-04-10 17:00", 7, "2026-04-11 00:00", id="used up as Friday ends"),
        pytest.param("2026-04-10 00:00", 24, "2026-04-11 00:00", id="the whole of Friday"),
        pytest.param("2026-04-12 10:00", 24, "2026-04-14 00:00", id="arrives on a Sunday"),
        pytest.param("2026-04-11 00:00", 1, "2026-04-13 01:00", id="arrives as Saturday begins"),
        pytest.param("2025-04-24 17:00", 24, "2025-04-28 17:00", id="25 April, a Friday"),
        pytest.param("2026-04-03 17:00", 24, "2026-04-07 17:00", id="Easter Monday"),
        pytest.param("2026-07-31 17:00", 24, "2026-08-31 17:00", id="closed in August"),
        pytest.param("2026-08-14 12:00", 24, "2026-09-01 00:00", id="arrives in the closure"),
        pytest.param("2026-12-24 17:00", 24, "2026-12-28 17:00", id="Christmas"),
        pytest.param("2026-04-14 09:00", 0, "2026-04-14 09:00", id="at once"),
        pytest.param("2026-04-12 10:00", 0, "2026-04-13 00:00", id="at once, once open"),
    ],
)
def test_closed_days_do_not_count(arrives: str, hours: int, due: str) -> None:
    assert due_at(italian(), local(arrives), timedelta(hours=hours)) == local(due)


@pytest.mark.parametrize(
    ("open_weekdays", "arrives", "due"),
    [
        pytest.param(WHOLE_WEEK, "2026-03-28 17:00", "2026-03-29 18:00", id="spring, through"),
        pytest.param({SUNDAY, MONDAY}, "2026-03-28 17:00", "2026-03-30 01:00", id="spring, 23 h"),
        pytest.param(WHOLE_WEEK, "2026-10-24 17:00", "2026-10-25 16:00", id="autumn, through"),
        pytest.param({SUNDAY, MONDAY}, "2026-10-24 17:00", "2026-10-25 23:00", id="autumn, 25 h"),
        pytest.param(WORKING_WEEK, "2026-03-27 17:00", "2026-03-30 17:00", id="spring, closed"),
        pytest.param(WORKING_WEEK, "2026-10-23 17:00", "2026-10-26 17:00", id="autumn, closed"),
    ],
)
def test_a_clock_change_counts_as_real_time(
    open_weekdays: set[int], arrives: str, due: str
) -> None:
    schedule = italian(open_weekdays=frozenset(open_weekdays))
    assert due_at(schedule, local(arrives), timedelta(hours=24)) == local(due)


@pytest.mark.parametrize(
    ("zone", "arrives", "hours", "due_in_utc"),
    [
        pytest.param("Asia/Kolkata", "2026-04-10 17:00", 24, "2026-04-13 11:30", id="Kolkata"),
        # The clocks go from 24:00 on Thursday to 01:00 on Friday, which has 23 hours.
        pytest.param("Africa/Cairo", "2024-04-25 12:00", 36, "2024-04-28 22:00", id="Cairo"),
        # Friday 30 December 2011 did not exist there.
        pytest.param("Pacific/Apia", "2011-12-29 12:00", 24, "2012-01-01 22:00", id="Apia"),
    ],
)
def test_days_are_local(zone: str, arrives: str, hours: int, due_in_utc: str) -> None:
    schedule = Schedule(zone=ZoneInfo(zone), open_weekdays=WORKING_WEEK)
    due = due_at(schedule, local(arrives, ZoneInfo(zone)), timedelta(hours=hours))
    assert due == datetime.fromisoformat(due_in_utc).replace(tzinfo=UTC)
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("open_weekday", "due_in_utc"),
    [(SUNDAY, "2010-11-07 04:00"), (SATURDAY, "2010-11-13 04:30")],
)
def test_of_a_date_that_comes_twice_the_second_hour_belongs_to_the_day_that_had_begun(
    open_weekday: int, due_in_utc: str
) -> None:
    # At 00:01 on Sunday the clocks went back to 23:01 on Saturday.
    zone = ZoneInfo("America/St_Johns")
    schedule = Schedule(zone=zone, open_weekdays=frozenset({open_weekday}))
    in_the_second_saturday_hour = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=zone)
    due = due_at(schedule, in_the_second_saturday_hour, timedelta(hours=1))
    assert due == datetime.fromisoformat(due_in_utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-04-14 09:00", "2026-04-15 11:00", 26, id="within the week"),
        pytest.param("2026-04-10 17:00", "2026-04-13 09:00", 16, id="over the weekend"),
        pytest.param("2026-04-11 10:00", "2026-04-12 20:00", 0, id="all closed"),
        pytest.param("2026-04-15 11:00", "2026-04-14 09:00", 0, id="end before start"),
        pytest.param("2026-04-14 11:00", "2026-04-14 09:00", 0, id="end before start, same day"),
        pytest.param("2026-04-12 10:00", "2026-04-11 10:00", 0, id="end before start, closed"),
        pytest.param("2026-10-23 17:00", "2026-10-26 01:00", 8, id="over the autumn change"),
        pytest.param("2026-07-31 12:00", "2026-08-31 12:00", 24, id="over the closure"),
    ],
)
def test_the_wait_is_told_in_open_time(start: str, end: str, hours: int) -> None:
    assert counted_between(italian(), local(start), local(end)) == timedelta(hours=hours)


def test_the_wait_can_be_told_over_years_of_closure() -> None:
    schedule = Schedule(
        zone=ROME,
        open_weekdays=WHOLE_WEEK,
        closed=ClosedDates.of([(date(2020, 1, 1), date(2025, 12, 31))]),
    )
    waited = counted_between(schedule, local("2019-12-31 00:00"), local("2026-01-01 06:00"))
    assert waited == timedelta(hours=30)


def closed_for(days: int) -> Schedule:
    first = date(2026, 1, 1)
    closed = ClosedDates.of([(first, first + timedelta(days=days - 1))])
    return Schedule(zone=ROME, open_weekdays=WHOLE_WEEK, closed=closed)


def test_400_closed_days_are_waited_for() -> None:
    due = due_at(closed_for(400), local("2026-01-01 12:00"), timedelta(hours=24))
    assert due == local("2027-02-06 00:00")


def test_closed_days_with_open_ones_between_may_be_many() -> None:
    mondays = Schedule(zone=ROME, open_weekdays=frozenset({MONDAY}))
    start = local("2026-01-05 00:00")
    hundredth = date(2026, 1, 5) + timedelta(weeks=99)
    assert due_at(mondays, start, timedelta(hours=24 * 100)) == mondays.begins_at(
        hundredth + timedelta(days=1)
    )


@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param(closed_for(401), id="closed for 401 days"),
        pytest.param(Schedule(zone=ROME, open_weekdays=frozenset()), id="no weekday"),
        pytest.param(
            Schedule(
                zone=ROME,
                open_weekdays=WHOLE_WEEK,
                closed=ClosedDates.of([(date(2026, 1, 1), date.max)]),
            ),
            id="closed for ever",
        ),
    ],
)
def test_never_open_is_said_with_what_mends_it(schedule: Schedule) -> None:
    with pytest.raises(NeverOpen, match="Open a weekday in the calendar, or shorten its closures"):
        due_at(schedule, local("2026-01-01 12:00"), timedelta(hours=24))


def test_an_instant_needs_a_time_zone() -> None:
    naive = datetime(2026, 4, 14, 9, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="needs a time zone"):
        due_at(italian(), naive, timedelta(hours=24))
    with pytest.raises(ValueError, match="needs a time zone"):
        counted_between(italian(), local("2026-04-14 09:00"), naive)


def test_the_time_allowed_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        due_at(italian(), local("2026-04-14 09:00"), timedelta(seconds=-1))


def test_overlapping_closures_are_all_closed() -> None:
    closed = ClosedDates.of(
        [
            (date(2026, 8, 10), date(2026, 8, 12)),
            (date(2026, 8, 1), date(2026, 8, 31)),
            (date(2026, 8, 5), date(2026, 8, 5)),
        ]
    )
    days = [date(2026, 7, 31) + timedelta(days=n) for n in range(33)]
    assert [day for day in days if day not in closed] == [date(2026, 7, 31), date(2026, 9, 1)]
    assert "2026-08-10" not in closed
