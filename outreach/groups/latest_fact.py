"""For rooms to the right: when something happened last, as a fact of a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Q, QuerySet

from outreach.groups.days import span_of, start_of
from outreach.groups.facts import LOOKUPS, Choice, Kind, Lookup, Text, Value


@dataclass(frozen=True, kw_only=True)
class LatestFact:
    """The last of a person's `events`: rows filtered by OuterRef("pk"), with an instant in `at`.

    "Not in the last 30 days" is also true of those to whom it never happened.
    """

    name: str
    label: Text
    section: Text
    events: QuerySet[Any]
    at: str
    phrases: Mapping[str, Text] = field(default_factory=dict)
    kind: Kind = Kind.DATE
    lookups: tuple[Lookup, ...] = LOOKUPS[Kind.DATE]
    choices: tuple[Choice, ...] = ()

    def condition(self, lookup: str, value: Value) -> Q:
        if lookup == "filled":
            return Q(Exists(self.events.filter(**{f"{self.at}__isnull": False})))
        first, end = span_of(lookup, value)
        bounds = {"gte": first, "lt": end}
        within = {f"{self.at}__{op}": start_of(day) for op, day in bounds.items() if day}
        happened = Q(Exists(self.events.filter(**within)))
        if end is None:
            return happened
        later = {f"{self.at}__gte": start_of(end)}
        return happened & ~Q(Exists(self.events.filter(**later)))
