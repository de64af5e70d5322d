"""Ask about some people only: a database does not carry a range of keys over into subqueries."""

from typing import Any

from django.db import connection
from django.db.models import Exists, Lookup, Q
from django.db.models.expressions import Col, ResolvedOuterRef
from django.db.models.lookups import Exact
from django.db.models.sql import AND, Query

from outreach.eligibility.rule import KeyRange, Within


def narrowed(condition: Q, within: Within) -> Q:
    """The same filter on Recipient, for people with these keys.

    Each "there is a row of this person" looks at the rows of these people alone, so that a
    freeze in ranges reads every table once, and not once a range. What is asked in another form
    stays as it is, which is slower and no less right.
    """
    parts: list[Any] = [_narrowed_part(part, within) for part in condition.children]
    return Q.create(parts, connector=condition.connector, negated=condition.negated)


def _narrowed_part(part: object, within: Within) -> object:
    if isinstance(part, Q):
        return narrowed(part, within)
    if not isinstance(part, Exists):
        return part
    rows = _within(part.query, within)
    keys = _keys_of(rows) if connection.vendor == "sqlite" else None
    if keys is not None:
        return ("pk__in", keys)
    found = part.copy()
    found.query = rows
    return found


def _within(rows: Query, within: Within) -> Query:
    """With the range beside each "this row is the person's" that holds of every row."""
    query = rows.clone()
    if not isinstance(within, KeyRange):
        return query
    for part in _of_the_person(rows):
        for lookup, value in (("gt", within.after), ("lte", within.upto)):
            query.where.add(part.lhs.get_lookup(lookup)(part.lhs, value), AND)
    return query


def _keys_of(rows: Query) -> Query | None:
    """The people whose rows these are, as a query of its own; None where that cannot be.

    SQLite finds such a list once. A subquery that looks at the person it runs anew for each, and
    the more tables it has open the longer each time.
    """
    named = _of_the_person(rows)
    others: list[Any] = [part for part in rows.where.children if part not in named]
    if len(named) != 1 or rows.combinator or rows.group_by or any(map(_looks_outside, others)):
        return None
    key = named[0].lhs
    if not isinstance(key, Col) or key.alias != rows.base_table:
        return None
    query = rows.clone()
    query.where.children = others
    query.clear_ordering(force=True)
    query.clear_limits()
    query.set_values([key.target.name])
    return query


def _looks_outside(part: Any) -> bool:
    """Whether this filter may name the person too: it is not of a column and a plain value."""
    is_plain = isinstance(part, Lookup) and isinstance(part.lhs, Col)
    return not is_plain or hasattr(part.rhs, "resolve_expression")


def _of_the_person(rows: Query) -> list[Any]:
    if rows.where.connector != AND or rows.where.negated:
        return []
    children = rows.where.children
    return [part for part in children if isinstance(part, Exact) and _is_the_person(part.rhs)]


def _is_the_person(value: Any) -> bool:
    return isinstance(value, ResolvedOuterRef) and getattr(value, "name", "") == "pk"
