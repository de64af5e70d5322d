"""What a rule's condition is made of: sets of people, and whatever else has to be asked of each."""

from typing import Any, NamedTuple

from django.db.models import Exists, Q, QuerySet

NOBODY = Q(pk__in=[])


class Parts(NamedTuple):
    """A condition holds for whoever is in one of `sets`, each of keys, or where `rest` does."""

    sets: tuple[QuerySet[Any], ...]
    rest: Q


def parts_of(condition: Q | Exists) -> Parts:
    """The sets among what is joined by "or"."""
    sets: list[QuerySet[Any]] = []
    rest: list[Any] = []
    for part in _alternatives(condition):
        match part:
            case ("pk__in", QuerySet() as keys):
                sets.append(keys)
            case ("pk__in", []):
                continue
            case _:
                rest.append(part)
    return Parts(tuple(sets), Q(*rest, _connector=Q.OR) if rest else NOBODY)


def _alternatives(condition: Any) -> list[Any]:
    if not isinstance(condition, Q) or condition.negated:
        return [condition]
    if condition.connector != Q.OR and len(condition.children) > 1:
        return [condition]
    return [part for child in condition.children for part in _alternatives(child)]
