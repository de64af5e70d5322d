from datetime import date

import pytest

from outreach.calendars import public_holidays
from outreach.calendars.public_holidays import (
    countries,
    has_holidays,
    holidays_in,
    is_known,
    subdivisions,
)


@pytest.mark.parametrize(
    ("country", "subdivision", "day"),
    [
        ("IT", "", date(2026, 4, 25)),
        ("IT", "", date(2026, 4, 6)),
        ("IT", "MI", date(2026, 12, 7)),
        ("IT", "Milano", date(2026, 12, 7)),
        ("GB", "SCT", date(2026, 11, 30)),
        ("US", "", date(2027, 7, 5)),
    ],
)
def test_public_holidays_are_known(country: str, subdivision: str, day: date) -> None:
    assert day in holidays_in(country, subdivision, day.year)


def test_a_city_holiday_is_not_kept_in_the_whole_country() -> None:
    assert date(2026, 12, 7) not in holidays_in("IT", "", 2026)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Epiphany"),
        ("it", "Epifania"),
        ("it-ch", "Epifania"),
        ("ru", "Epiphany"),
        ("", "Epiphany"),
    ],
)
def test_names_are_in_the_language_asked_for_else_in_english(language: str, name: str) -> None:
    assert holidays_in("IT", "", 2026, language=language)[date(2026, 1, 6)] == name


@pytest.mark.parametrize(
    ("country", "subdivision"), [("", ""), ("XX", ""), ("it", ""), ("IT", "ZZ"), ("??", "")]
)
def test_a_place_that_is_not_known_has_no_holidays(country: str, subdivision: str) -> None:
    assert not holidays_in(country, subdivision, 2026)


def test_each_year_is_looked_up_once() -> None:
    assert holidays_in("FR", "", 2026) is holidays_in("FR", "", 2026)


def test_holidays_cannot_be_changed_by_who_asks() -> None:
    with pytest.raises(TypeError):
        holidays_in("IT", "", 2026)[date(2026, 2, 2)] = "Mine"  # type: ignore[index]


def test_countries_are_named_in_words() -> None:
    known = countries()
    assert (known["IT"], known["GB"]) == ("Italy", "United Kingdom")
    assert known["BA"] == "Bosnia and Herzegovina"
    assert known["CD"] == "DR Congo"
    assert list(known.values()) == sorted(known.values())
    assert all(len(code) == 2 for code in known)


def test_parts_of_a_country() -> None:
    assert subdivisions("GB") == ["ENG", "NIR", "SCT", "WLS"]
    assert is_known("GB", "SCT")
    assert is_known("GB", "")
    assert not is_known("GB", "BY")


def test_without_the_library_there_are_no_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_holidays()
    monkeypatch.setattr(public_holidays, "has_holidays", lambda: False)
    assert not holidays_in("IT", "", 2026)
    assert countries() == {}


def test_the_library_is_looked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_holidays, "find_spec", lambda name: None)
    has_holidays.cache_clear()
    try:
        assert not has_holidays()
    finally:
        has_holidays.cache_clear()
