from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.calendars.deadline import Schedule, counted_between, due_at
from outreach.calendars.schedule import ClosedDates

# Half-hour offsets and changes, midnights that do not exist, a day that did not, both halves.
ZONES = (
    "UTC",
    "Europe/Rome",
    "Asia/Kolkata",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
ZONES_WITH_A_DATE_TWICE = (*ZONES, "America/St_Johns")
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)

instants = st.datetimes(
    datetime(2010, 1, 1),  # noqa: DTZ001  (Hypothesis wants naive bounds)
    datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
countries = st.sampled_from(["", "IT", "US"])
durations = st.timedeltas(timedelta(0), timedelta(days=9))


@st.composite
def schedules(draw: st.DrawFn, zones: tuple[str, ...] = ZONES_WITH_A_DATE_TWICE) -> Schedule:
    return Schedule(
        zone=ZoneInfo(draw(st.sampled_from(zones))),
        open_weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        closed=ClosedDates.of(draw(st.lists(closures(), max_size=4)), country=draw(countries)),
    )


@st.composite
def closures(draw: st.DrawFn) -> tuple[date, date]:
    first = draw(st.dates(date(2010, 1, 1), date(2035, 1, 1)))
    return first, first + timedelta(days=draw(st.integers(0, 40)))


@given(schedules(), instants, durations)
def test_the_time_until_the_deadline_is_the_time_allowed(
    schedule: Schedule, start: datetime, within: timedelta
) -> None:
    assert counted_between(schedule, start, due_at(schedule, start, within)) == within


@given(schedules(), instants, durations)
def test_a_deadline_is_never_reached_on_a_closed_day(
    schedule: Schedule, start: datetime, within: timedelta
) -> None:
    due = due_at(schedule, start, within + TICK)
    assert schedule.is_open_on(schedule.day_of(due - TICK))


@given(schedules(), instants, durations, durations)
def test_more_time_allowed_is_never_due_sooner(
    schedule: Schedule, start: datetime, within: timedelta, more: timedelta
) -> None:
    assert due_at(schedule, start, within) <= due_at(schedule, start, within + more)


@given(schedules(), instants, durations, durations)
def test_a_later_start_is_never_due_sooner(
    schedule: Schedule, start: datetime, later: timedelta, within: timedelta
) -> None:
    assert due_at(schedule, start, within) <= due_at(schedule, start + later, within)


@given(schedules(), instants, durations, durations)
def test_waits_add_up(
    schedule: Schedule, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    assert counted_between(schedule, start, end) == (
        counted_between(schedule, start, middle) + counted_between(schedule, middle, end)
    )


def is_open_by_the_wall_clock(schedule: Schedule, instant: datetime) -> bool:
    return schedule.is_open_on(instant.astimezone(schedule.zone).date())


@settings(max_examples=40, deadline=None)
@given(schedules(ZONES), instants, st.integers(1, 40 * 60))
def test_counting_minute_by_minute_gives_the_same(
    schedule: Schedule, start: datetime, minutes: int
) -> None:
    now = start.replace(second=0, microsecond=0)
    due = due_at(schedule, now, timedelta(minutes=minutes))
    left = minutes
    while left:
        left -= is_open_by_the_wall_clock(schedule, now)
        now += MINUTE
    assert due == now
