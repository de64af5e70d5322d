from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from outreach.groups.facts import LOOKUPS, Kind, Value
from outreach.groups.person_facts import ColumnFact
from outreach.groups.values import check_value
from outreach.groups.written_value import from_written

NUMBER = ColumnFact(name="n", label="n", column="n", choices=(), kind=Kind.NUMBER)
DATE = ColumnFact(name="d", label="d", column="d", choices=(), kind=Kind.DATE)
COLOUR = ColumnFact(name="c", label="c", column="c", choices=(("r", "Red"), ("w", "White wine")))
AT_LEAST = next(one for one in LOOKUPS[Kind.NUMBER] if one.code == "at_least")
BEFORE = next(one for one in LOOKUPS[Kind.DATE] if one.code == "before")
IN_LAST = next(one for one in LOOKUPS[Kind.DATE] if one.code == "in_last")
EQUALS = LOOKUPS[Kind.CHOICE][0]


@pytest.mark.parametrize(("raw", "value"), [(12, Decimal(12)), (-0.5, Decimal("-0.5")), (0, 0)])
def test_numbers_are_kept_as_decimals(raw: float, value: Value) -> None:
    assert check_value(NUMBER, AT_LEAST, raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        True,
        "12",
        None,
        [1],
        float("nan"),
        float("inf"),
        float("-inf"),
        10**12,
        pytest.param(10**5000, id="endless"),
    ],
)
def test_what_is_no_number_or_too_large_is_refused(raw: object) -> None:
    with pytest.raises(ValidationError, match="number"):
        check_value(NUMBER, AT_LEAST, raw)


@pytest.mark.parametrize(
    ("text", "raw"),
    [("12", 12), (" 12.50 ", 12.5), ("1e400", "1e400"), ("NaN", "NaN"), ("two", "two"), ("", "")],
)
def test_written_numbers(text: str, raw: object) -> None:
    assert from_written(NUMBER, AT_LEAST, text) == {"value": raw}


def test_written_days() -> None:
    assert from_written(DATE, IN_LAST, "90") == {"value": 90}


@pytest.mark.parametrize("text", ["2026-05-31", "05/31/2026"])
def test_written_dates(text: str) -> None:
    written = from_written(DATE, BEFORE, text)

    assert check_value(DATE, BEFORE, written["value"]) == date(2026, 5, 31)


@pytest.mark.parametrize("text", ["w", "White wine", " white WINE "])
def test_a_choice_may_be_written_as_its_label(text: str) -> None:
    assert from_written(COLOUR, EQUALS, text) == {"value": "w"}


def test_an_unknown_choice_is_kept_as_written_for_the_error() -> None:
    written = from_written(COLOUR, EQUALS, "Pink")

    with pytest.raises(ValidationError, match=r"“Pink” is not one of: Red, White wine\."):
        check_value(COLOUR, EQUALS, written["value"])
