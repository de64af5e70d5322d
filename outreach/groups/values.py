"""Check the value in a condition: of the right type, and of a size that any database takes."""

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from outreach.groups.facts import Fact, Kind, Lookup, Takes, Value

MAX_TEXT = 200
MAX_DAYS = 36_500
MAX_NUMBER = 10**11
SHOWN_CHOICES = 8


def check_value(fact: Fact, lookup: Lookup, raw: object) -> Value:
    """The typed value of what a rule holds as JSON. Raises ValidationError with a sentence."""
    if lookup.takes == Takes.NOTHING:
        if raw is not None:
            raise ValidationError(_("“%(lookup)s” takes no value.") % {"lookup": lookup.label})
        return None
    if lookup.takes == Takes.DAYS:
        return _days(raw)
    if fact.kind == Kind.CHOICE:
        return _choice(fact, raw)
    return _BY_KIND[fact.kind](raw)


def is_clean_text(raw: str) -> bool:
    """Without control characters and halves of characters, which databases refuse."""
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValidationError(_("Write a word or a few to compare with."))
    if len(raw) > MAX_TEXT:
        raise ValidationError(
            _("That is too long: write at most %(count)d characters.") % {"count": MAX_TEXT}
        )
    if not is_clean_text(raw):
        raise ValidationError(_("The value holds a character that cannot be used."))
    return raw.strip()


def _choice(fact: Fact, raw: object) -> str:
    if isinstance(raw, str) and any(raw == code for code, label in fact.choices):
        return raw
    offered = ", ".join(str(label) for code, label in fact.choices[:SHOWN_CHOICES])
    if not offered:
        raise ValidationError(_("There is nothing to choose from here yet."))
    if (more := len(fact.choices) - SHOWN_CHOICES) > 0:
        offered = _("%(some)s and %(count)d more") % {"some": offered, "count": more}
    if not isinstance(raw, str) or not raw or not is_clean_text(raw):
        message = _("Choose one of: %(offered)s.")
    else:
        message = _("“%(value)s” is not one of: %(offered)s.")
    shown = Truncator(raw).chars(40) if isinstance(raw, str) else ""
    raise ValidationError(message % {"value": shown, "offered": offered})


def _number(raw: object) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ValidationError(_("Write a number, such as 12 or 12.5."))
    # In this order: a whole number of any length is no problem to compare, but is to convert.
    if not abs(raw) <= MAX_NUMBER:
        raise ValidationError(_("That number is too large."))
    return round(Decimal(str(raw)), 4)


def _days(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 <= raw <= MAX_DAYS:
        raise ValidationError(
            _("Write a whole number of days, from 1 to %(most)d.") % {"most": MAX_DAYS}
        )
    return raw


def _date(raw: object) -> date:
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2100 or day.isoformat() != raw:
        raise ValidationError(_("Write a date as 2026-05-31 (year, month, day)."))
    return day


_BY_KIND: dict[Kind, Callable[[object], Value]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
}
