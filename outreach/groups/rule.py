"""A group's rule: read from JSON and checked, or refused with a sentence that says why (B3).

    {"version": 2, "match": "all", "conditions": [
        {"fact": "contact.country", "is": "equals", "value": "IT"},
        {"match": "none", "conditions": [
            {"fact": "interest", "is": "includes", "value": "tastings"},
            {"fact": "message.last", "is": "in_last", "value": 30}]}]}

Only names from the registry reach the database layer, so that no rule can carry a path or SQL.
Version 1, which had no conditions inside of conditions, is still read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from outreach.groups.facts import Fact, Lookup, Takes, Value
from outreach.groups.registry import known_facts
from outreach.groups.values import check_value, is_clean_text

VERSION = 2
FLAT_VERSION = 1
MAX_CONDITIONS = 50
MAX_DEPTH = 5


class Match(StrEnum):
    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Condition:
    fact: Fact
    lookup: Lookup
    value: Value


@dataclass(frozen=True, slots=True)
class Rule:
    """All, any or none of its parts hold; a part is a condition or again a rule."""

    match: Match
    parts: "tuple[Condition | Rule, ...]"

    def conditions(self) -> Iterator[Condition]:
        """Every condition at whatever depth, in the order in which they are written."""
        for part in self.parts:
            if isinstance(part, Rule):
                yield from part.conditions()
            else:
                yield part


def validate(
    raw: object, *, known: Mapping[str, Fact] | None = None, tenant: str | None = None
) -> Rule:
    """The rule in a JSON value. Raises ValidationError; `known` saves reading the facts again."""
    rule = _as_object(raw, {"version", "match", "conditions"}, _("The rule"))
    version = rule.get("version")
    if isinstance(version, bool) or version not in {VERSION, FLAT_VERSION}:
        raise ValidationError(_("The rule is of a version that this software does not know."))
    check_size(rule)
    known = known_facts(tenant) if known is None else known
    return _read_rule(rule, known, ())


def check_size(raw: object) -> None:
    """Refuse what is too deep or too long, without going any deeper. Raises ValidationError."""
    level, conditions = [raw], 0
    for _depth in range(MAX_DEPTH):
        parts = [part for block in level for part in _listed(block)]
        level = [part for part in parts if _is_block(part)]
        conditions += len(parts) - len(level)
        if conditions > MAX_CONDITIONS or len(level) > MAX_CONDITIONS:
            raise ValidationError(
                _("A rule has at most %(most)d conditions.") % {"most": MAX_CONDITIONS}
            )
    if level:
        raise ValidationError(
            _("Conditions may be inside of each other at most %(most)d levels deep.")
            % {"most": MAX_DEPTH}
        )


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
    return {"version": VERSION, **block_as_json(match, conditions)}


def block_as_json(match: str, conditions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same for conditions inside of a rule."""
    return {"match": match, "conditions": [dict(part) for part in conditions]}


def to_json(rule: Rule) -> dict[str, Any]:
    """The one stored form of a rule that was read."""
    return as_json(rule.match.value, [_part_to_json(part) for part in rule.parts])


def _part_to_json(part: Condition | Rule) -> dict[str, Any]:
    if isinstance(part, Rule):
        return block_as_json(part.match.value, [_part_to_json(each) for each in part.parts])
    stored = {"fact": part.fact.name, "is": part.lookup.code}
    if part.lookup.takes == Takes.NOTHING:
        return stored
    return stored | {"value": _value_to_json(part.value)}


def _value_to_json(value: Value) -> str | int | float | None:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _read_rule(raw: dict[str, Any], known: Mapping[str, Fact], place: tuple[int, ...]) -> Rule:
    """Goes as deep as the rule does, which `check_size` has bounded."""
    match = raw.get("match")
    if not isinstance(match, str) or match not in set(Match):
        raise _at(place, _("Say whether all, any or none of the conditions must hold."))
    parts = raw.get("conditions")
    if not isinstance(parts, list) or not parts:
        raise _at(place, _("A rule needs at least one condition."))
    numbered = enumerate(parts, start=1)
    return Rule(Match(match), tuple(_read(part, known, (*place, n)) for n, part in numbered))


def _read(raw: object, known: Mapping[str, Fact], place: tuple[int, ...]) -> Condition | Rule:
    try:
        block = _as_object(raw, {"match", "conditions"}, _("A condition")) if _is_block(raw) else {}
        condition = None if block else read_condition(raw, known)
    except ValidationError as error:
        raise _at(place, " ".join(error.messages)) from error
    return condition or _read_rule(block, known, place)


def _at(place: tuple[int, ...], text: str) -> ValidationError:
    """With the number of the condition, as 2.1 for the first inside of the second."""
    if not place:
        return ValidationError(text)
    number = ".".join(map(str, place))
    return ValidationError(_("Condition %(number)s: %(error)s") % {"number": number, "error": text})


def _is_block(raw: object) -> bool:
    return isinstance(raw, dict) and bool(raw.keys() & {"match", "conditions"})


def _listed(block: Any) -> list[object]:
    parts = block.get("conditions") if isinstance(block, dict) else None
    return parts if isinstance(parts, list) else []


def _as_object(raw: object, keys: set[str], what: str) -> dict[str, Any]:
    """A JSON object without other keys."""
    if not isinstance(raw, dict):
        raise ValidationError(_("%(what)s is not in the form of a rule.") % {"what": what})
    if raw.keys() - keys:
        raise ValidationError(
            _("%(what)s says more than this software understands.") % {"what": what}
        )
    return raw


def _shown(name: object) -> str:
    return Truncator(name).chars(60) if isinstance(name, str) and is_clean_text(name) else "?"
