"""Between a value in a rule and what a person writes in a form."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateField

from outreach.groups.facts import Fact, Kind, Lookup, Takes


def as_written(raw: object) -> str:
    """What a form field shows of a value."""
    return "" if raw is None else str(raw)


def from_written(fact: Fact, lookup: Lookup, text: str) -> dict[str, Any]:
    """The "value" of a condition, still to be checked; nothing where none is taken.

    Choices may be written as their label, in any case; dates as usual in the active language.
    """
    if lookup.takes == Takes.NOTHING:
        return {}
    if lookup.takes == Takes.DAYS or fact.kind == Kind.NUMBER:
        return {"value": _number(text)}
    if fact.kind == Kind.CHOICE:
        return {"value": as_code(fact, text)}
    if fact.kind == Kind.DATE:
        return {"value": _date(text)}
    return {"value": text}


def _number(text: str) -> int | float | str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:  # more digits than any limit allows
        return text
    return int(number) if number == int(number) else float(number)


def as_code(fact: Fact, text: str) -> str:
    """The code of a choice that was written by its label; anything else as it is."""
    if any(text == code for code, label in fact.choices):
        return text
    wanted = text.strip().casefold()
    return next((code for code, label in fact.choices if str(label).casefold() == wanted), text)


def _date(text: str) -> str:
    try:
        day = DateField().to_python(text)
    except ValidationError:
        return text
    return day.isoformat() if day else text
