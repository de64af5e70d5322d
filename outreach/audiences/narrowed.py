"""Ask about some people only: a database does not carry a range of keys over into subqueries."""

from typing import Any

from django.db.models import Exists, Q
from django.db.models.expressions import ResolvedOuterRef
from django.db.models.lookups import Exact
from django.db.models.sql import AND, Query

from outreach.eligibility.rule import KeyRange


def narrowed(condition: Q, within: KeyRange) -> Q:
    """The same filter on Recipient, for people with these keys.

    Each "there is a row of this person" looks at the rows of these people alone, so that a
    freeze in ranges reads every table once, and not once a range. What is asked in another form
    stays as it is, which is slower and no less right.
    """
    parts: list[Any] = [_narrowed_part(part, within) for part in condition.children]
    return Q.create(parts, connector=condition.connector, negated=condition.negated)


def _narrowed_part(part: object, within: KeyRange) -> object:
    if isinstance(part, Q):
        return narrowed(part, within)
    if not isinstance(part, Exists):
        return part
    found = part.copy()
    found.query = _within(part.query, within)
    return found


def _within(rows: Query, within: KeyRange) -> Query:
    """With the range beside each "this row is the person's" that holds of every row."""
    if rows.where.connector != AND or rows.where.negated:
        return rows
    query = rows.clone()
    for part in rows.where.children:
        if isinstance(part, Exact) and _is_the_person(part.rhs):
            for lookup, value in (("gt", within.after), ("lte", within.upto)):
                query.where.add(part.lhs.get_lookup(lookup)(part.lhs, value), AND)
    return query


def _is_the_person(value: Any) -> bool:
    return isinstance(value, ResolvedOuterRef) and getattr(value, "name", "") == "pk"
