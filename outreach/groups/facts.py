"""What a rule may ask about a person: kinds, comparisons, and the protocol of a fact.

A room to the right offers facts of its own with `outreach.groups.registry.register`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
Choice = tuple[str, Text]
Value = str | int | Decimal | date | None


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


class Takes(StrEnum):
    """What is written to the right of a comparison."""

    NOTHING = "nothing"
    VALUE = "value"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A comparison. `label` is for lists, `phrase` for sentences.

    `opposite_of` names the comparison that this one is the exact opposite of: whoever does not
    fit the one fits the other, also where nothing is known of them.
    """

    code: str
    section: Text
    label: Text
    phrase: Text
    takes: Takes = Takes.VALUE
    opposite_of: str = ""


_ANY, _LISTS, _WORDS, _NUMBERS, _DATES, _YES_NO = (
    _("For anything"),
    _("For lists"),
    _("For words"),
    _("For numbers"),
    _("For dates"),
    _("For yes or no"),
)
EQUALS = Lookup("equals", _ANY, _("is"), pgettext_lazy("a rule of a group", "is %(value)s"))
DIFFERS = Lookup(
    "differs",
    _ANY,
    _("is not"),
    pgettext_lazy("a rule of a group", "is not %(value)s"),
    opposite_of="equals",
)
FILLED = Lookup(
    "filled", _ANY, _("is known"), pgettext_lazy("a rule of a group", "is known"), Takes.NOTHING
)
EMPTY = Lookup(
    "empty",
    _ANY,
    _("is not known"),
    pgettext_lazy("a rule of a group", "is not known"),
    Takes.NOTHING,
    "filled",
)
INCLUDES = Lookup(
    "includes", _LISTS, _("include"), pgettext_lazy("a rule of a group", "include %(value)s")
)
EXCLUDES = Lookup(
    "excludes",
    _LISTS,
    _("do not include"),
    pgettext_lazy("a rule of a group", "do not include %(value)s"),
    opposite_of="includes",
)
CONTAINS = Lookup(
    "contains", _WORDS, _("contains"), pgettext_lazy("a rule of a group", "contains %(value)s")
)
STARTS = Lookup(
    "starts", _WORDS, _("begins with"), pgettext_lazy("a rule of a group", "begins with %(value)s")
)
AT_LEAST = Lookup(
    "at_least",
    _NUMBERS,
    _("is at least"),
    pgettext_lazy("a rule of a group", "is at least %(value)s"),
)
AT_MOST = Lookup(
    "at_most", _NUMBERS, _("is at most"), pgettext_lazy("a rule of a group", "is at most %(value)s")
)
BEFORE = Lookup(
    "before", _DATES, _("is before"), pgettext_lazy("a rule of a group", "is before %(value)s")
)
AFTER = Lookup(
    "after", _DATES, _("is after"), pgettext_lazy("a rule of a group", "is after %(value)s")
)
IN_LAST = Lookup(
    "in_last",
    _DATES,
    _("is in the last … days"),
    pgettext_lazy("a rule of a group", "is in the last %(value)s days"),
    Takes.DAYS,
)
NOT_IN_LAST = Lookup(
    "not_in_last",
    _DATES,
    _("is not in the last … days, or never"),
    pgettext_lazy("a rule of a group", "is not in the last %(value)s days, or is not known"),
    Takes.DAYS,
    opposite_of="in_last",
)
LONGER_AGO = Lookup(
    "longer_ago",
    _DATES,
    _("is more than … days ago"),
    pgettext_lazy("a rule of a group", "is more than %(value)s days ago"),
    Takes.DAYS,
)
YES = Lookup("yes", _YES_NO, _("yes"), pgettext_lazy("a rule of a group", "is true"), Takes.NOTHING)
NO = Lookup(
    "no", _YES_NO, _("no"), pgettext_lazy("a rule of a group", "is not true"), Takes.NOTHING, "yes"
)

LOOKUPS: Mapping[Kind, tuple[Lookup, ...]] = {
    Kind.TEXT: (EQUALS, DIFFERS, CONTAINS, STARTS, FILLED, EMPTY),
    Kind.CHOICE: (EQUALS, DIFFERS, FILLED, EMPTY),
    Kind.NUMBER: (EQUALS, AT_LEAST, AT_MOST, FILLED, EMPTY),
    Kind.DATE: (EQUALS, BEFORE, AFTER, IN_LAST, NOT_IN_LAST, LONGER_AGO, FILLED, EMPTY),
    Kind.BOOLEAN: (YES, NO),
}
SETS = (INCLUDES, EXCLUDES)


class Fact(Protocol):
    """One thing known of a person, and how to find the people of whom it is true.

    `choices` are for kind "choice". `phrases` replaces the standard "whose … is …" in sentences
    by the comparison's code, with %(value)s in it.
    """

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> Text: ...

    @property
    def section(self) -> Text: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def lookups(self) -> tuple[Lookup, ...]: ...

    @property
    def choices(self) -> tuple[Choice, ...]: ...

    @property
    def phrases(self) -> Mapping[str, Text]: ...

    def condition(self, lookup: str, value: Value) -> Q:
        """A filter on Recipient. Only asked for comparisons that are no opposites."""
        ...
