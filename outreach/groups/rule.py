"""A group's rule: read from JSON and checked, or refused with a sentence that says why (B3).

    {"version": 1, "match": "all", "conditions": [
        {"fact": "contact.country", "is": "equals", "value": "IT"},
        {"fact": "interest", "is": "includes", "value": "tastings"}]}

Only names from the registry reach the database layer, so that no rule can carry a path or SQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from outreach.groups.facts import Fact, Lookup, Value
from outreach.groups.registry import known_facts
from outreach.groups.values import check_value, is_clean_text

VERSION = 1
MAX_CONDITIONS = 20


class Match(StrEnum):
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Condition:
    fact: Fact
    lookup: Lookup
    value: Value


@dataclass(frozen=True, slots=True)
class Rule:
    match: Match
    conditions: tuple[Condition, ...]


def validate(
    raw: object, *, known: Mapping[str, Fact] | None = None, tenant: str | None = None
) -> Rule:
    """The rule in a JSON value. Raises ValidationError; `known` saves reading the facts again."""
    rule = _as_object(raw, {"version", "match", "conditions"}, _("The rule"))
    if isinstance(rule.get("version"), bool) or rule.get("version") != VERSION:
        raise ValidationError(_("The rule is of a version that this software does not know."))
    match = rule.get("match")
    if not isinstance(match, str) or match not in set(Match):
        raise ValidationError(_("Say whether all of the conditions must hold, or any of them."))
    conditions = _as_conditions(rule.get("conditions"))
    known = known_facts(tenant) if known is None else known
    return Rule(Match(match), tuple(_numbered(conditions, known)))


def read_condition(raw: object, known: Mapping[str, Fact]) -> Condition:
    """One condition of a rule. Raises ValidationError."""
    condition = _as_object(raw, {"fact", "is", "value"}, _("A condition"))
    fact = find_fact(condition.get("fact"), known)
    lookup = find_lookup(condition.get("is"), fact)
    return Condition(fact, lookup, check_value(fact, lookup, condition.get("value")))


def find_fact(name: object, known: Mapping[str, Fact]) -> Fact:
    """The fact of that name. Raises ValidationError."""
    if isinstance(name, str) and name in known:
        return known[name]
    raise ValidationError(
        _("Nothing is known here by the name “%(name)s”. It may have existed before.")
        % {"name": _shown(name)}
    )


def find_lookup(code: object, fact: Fact) -> Lookup:
    """The comparison of that code, if the fact can be asked that way. Raises ValidationError."""
    for lookup in fact.lookups:
        if code == lookup.code:
            return lookup
    raise ValidationError(
        _("“%(fact)s” cannot be asked that way. Choose one of: %(offered)s.")
        % {
            "fact": fact.label,
            "offered": ", ".join(str(lookup.label) for lookup in fact.lookups),
        }
    )


def as_json(match: str, conditions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The stored form of a rule, not yet checked."""
    return {"version": VERSION, "match": match, "conditions": [dict(c) for c in conditions]}


def _numbered(conditions: list[object], known: Mapping[str, Fact]) -> list[Condition]:
    found = []
    for number, raw in enumerate(conditions, start=1):
        try:
            found.append(read_condition(raw, known))
        except ValidationError as error:
            raise ValidationError(
                _("Condition %(number)d: %(error)s")
                % {"number": number, "error": " ".join(error.messages)}
            ) from error
    return found


def _as_conditions(raw: object) -> list[object]:
    if not isinstance(raw, list) or not raw:
        raise ValidationError(_("A rule needs at least one condition."))
    if len(raw) > MAX_CONDITIONS:
        raise ValidationError(
            _("A rule has at most %(most)d conditions.") % {"most": MAX_CONDITIONS}
        )
    return raw


def _as_object(raw: object, keys: set[str], what: str) -> dict[str, Any]:
    """A JSON object without other keys; nested conditions are refused here, unread."""
    if not isinstance(raw, dict):
        raise ValidationError(_("%(what)s is not in the form of a rule.") % {"what": what})
    if raw.keys() & {"match", "conditions"} and "conditions" not in keys:
        raise ValidationError(_("Conditions inside of conditions are not possible yet."))
    if raw.keys() - keys:
        raise ValidationError(
            _("%(what)s says more than this software understands.") % {"what": what}
        )
    return raw


def _shown(name: object) -> str:
    return Truncator(name).chars(60) if isinstance(name, str) and is_clean_text(name) else "?"
