from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from outreach.calendars import public_holidays, validators
from outreach.calendars.closed_spells import ClosedSpell, next_closed_spells
from outreach.calendars.deadline import Schedule
from outreach.calendars.models import WEEKDAY_FIELDS, BusinessCalendar, Closure

pytestmark = pytest.mark.django_db


def calendar(**fields: Any) -> BusinessCalendar:
    return BusinessCalendar(**{"name": "Cellar", "time_zone": "Europe/Rome", **fields})


def stored(**fields: Any) -> BusinessCalendar:
    made = calendar(**fields)
    made.save()
    return made


def messages_of(instance: BusinessCalendar | Closure) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        instance.full_clean()
    return refused.value.message_dict


@pytest.mark.parametrize(
    ("fields", "where", "mend"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Write it as in Europe/Rome."),
        ({"time_zone": "rome"}, "time_zone", "Write Europe/Rome instead."),
        ({"time_zone": "New York"}, "time_zone", "Write America/New_York instead."),
        ({"time_zone": "Europe"}, "time_zone", "Write it as in Europe/Rome."),
        ({"time_zone": "../etc/passwd"}, "time_zone", "Write it as in Europe/Rome."),
        ({"time_zone": "localtime"}, "time_zone", "Write it as in Europe/Rome."),
        ({"country": "Italy"}, "country", "two capital letters, such as IT"),
        ({"country": "it"}, "country", "two capital letters, such as IT"),
        ({"country": "XX"}, "country", "leave it empty and enter the holidays as closures"),
        ({"country": "GB", "subdivision": "BY"}, "subdivision", "one of: ENG, NIR, SCT, WLS."),
        ({"country": "VA", "subdivision": "BY"}, "subdivision", "Leave this empty."),
        ({"subdivision": "BY"}, "__all__", "Choose the country too"),
        (dict.fromkeys(WEEKDAY_FIELDS, False), "__all__", "Tick at least one day"),
    ],
)
def test_a_mistake_is_told_with_its_mend(fields: dict[str, Any], where: str, mend: str) -> None:
    told = messages_of(calendar(**fields))
    assert list(told) == [where]
    assert mend in told[where][0]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"time_zone": "UTC"},
        {"country": "IT"},
        {"country": "IT", "subdivision": "MI"},
        {"country": "DE", "subdivision": "Bayern"},
    ],
)
def test_a_good_calendar_is_taken(fields: dict[str, Any]) -> None:
    calendar(**fields).full_clean()


def test_without_the_library_a_country_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_holidays, "has_holidays", lambda: False)
    monkeypatch.setattr(validators, "has_holidays", lambda: False)
    calendar(country="XX", subdivision="ZZ").full_clean()


@pytest.mark.parametrize(
    "fields", [dict.fromkeys(WEEKDAY_FIELDS, False), {"subdivision": "BY", "country": ""}]
)
def test_the_database_refuses_it_too(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(**fields)


def test_one_name_once_in_a_tenant() -> None:
    stored(tenant="north")
    stored(tenant="south")
    assert "with this name already" in messages_of(calendar(tenant="north"))["__all__"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(tenant="north")


def test_one_default_in_a_tenant() -> None:
    first = stored(name="First", is_default=True)
    stored(name="Second")
    stored(name="Third")
    elsewhere = stored(name="First", tenant="south", is_default=True)
    assert BusinessCalendar.objects.default_for("") == first
    assert BusinessCalendar.objects.default_for("south") == elsewhere
    assert BusinessCalendar.objects.default_for("north") is None
    another = calendar(name="Another", is_default=True)
    assert "used by default already" in messages_of(another)["__all__"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        another.save()


def test_a_closure_ends_on_or_after_its_first_day() -> None:
    backwards = Closure(
        calendar=stored(),
        starts_on=date(2026, 8, 28),
        ends_on=date(2026, 8, 3),
        reason="Summer holidays",
    )
    assert "Exchange them" in messages_of(backwards)["ends_on"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        backwards.save()


def test_a_closure_without_a_last_day_is_one_day() -> None:
    closure = Closure(calendar=stored(), starts_on=date(2026, 8, 3), reason="Stock-taking")
    closure.full_clean()
    assert closure.ends_on == date(2026, 8, 3)


def test_a_closure_needs_a_first_day_and_a_reason() -> None:
    assert set(messages_of(Closure(calendar=stored()))) == {"starts_on", "reason"}


def test_closures_go_with_their_calendar() -> None:
    made = stored()
    made.closures.create(starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 3), reason="A move")
    made.delete()
    assert not Closure.objects.exists()


def test_the_schedule_of_a_calendar_takes_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made = stored(country="IT", subdivision="MI", is_open_saturday=True)
    for day in (date(2026, 8, 3), date(2026, 8, 20)):
        made.closures.create(starts_on=day, ends_on=day, reason="Summer holidays")
    with django_assert_num_queries(1):
        schedule = Schedule.of(made)
    with django_assert_num_queries(0):
        open_on = [
            schedule.is_open_on(day)
            for day in (
                date(2026, 8, 1),  # a Saturday
                date(2026, 8, 2),
                date(2026, 8, 3),
                date(2026, 8, 4),
                date(2026, 12, 7),  # Saint Ambrose, in Milan
            )
        ]
    assert open_on == [True, False, False, True, False]
    assert schedule.zone == ZoneInfo("Europe/Rome")


def test_what_is_closed_next_leaves_out_what_is_past_and_the_weekend() -> None:
    made = stored(country="IT")
    for first, last, reason in (
        (date(2026, 3, 1), date(2026, 3, 31), "Past"),
        (date(2026, 3, 30), date(2026, 4, 2), "A move"),
        (date(2026, 8, 3), date(2026, 8, 28), "Summer holidays"),
    ):
        made.closures.create(starts_on=first, ends_on=last, reason=reason)
    assert next_closed_spells(made, date(2026, 4, 1), most=5) == [
        ClosedSpell(date(2026, 3, 30), date(2026, 4, 2), "A move"),
        ClosedSpell(date(2026, 4, 6), date(2026, 4, 6), "Easter Monday"),
        ClosedSpell(date(2026, 5, 1), date(2026, 5, 1), "Labor Day"),
        ClosedSpell(date(2026, 6, 2), date(2026, 6, 2), "Republic Day"),
        ClosedSpell(date(2026, 8, 3), date(2026, 8, 28), "Summer holidays"),
    ]
