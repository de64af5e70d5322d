"""The conditions of our own rules as SQL, worked out once for each shape of question.

Django takes longer to make this SQL than a database to answer it for a few thousand people. What a
host's own rule asks is made each time; so is everything where there are tenants, since the one
under way is part of it.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.signals import setting_changed
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Exists, Expression, Q
from django.db.models.sql.compiler import SQLCompiler
from django.dispatch import receiver

from outreach.eligibility.addressed import FIRST_HELD, with_address
from outreach.eligibility.parts import NOBODY, parts_of
from outreach.eligibility.rule import Question, Rule
from outreach.eligibility.rules import OWN
from outreach.eligibility.shape import given, is_open, opened, shape_of
from outreach.kept_plans import bound
from outreach.recipients.models import Recipient
from outreach.tenancy import has_tenants

SHAPES = 128


def excludes(rule: Rule, question: Question) -> "Exists | Q | Condition":
    """The rule's condition, to be annotated with `with_address`."""
    if _is_made_each_time(rule, question):
        return rule.excludes(question)
    return Condition(rule.code, question)


def excludes_besides(rule: Rule, question: Question, using: str) -> "Q | Condition | None":
    """The part of it that is no set of people, if any; what `shape.given` gives is left open."""
    if _is_made_each_time(rule, question):
        rest = parts_of(rule.excludes(question)).rest
        return None if rest is NOBODY else rest
    if _template(rule.code, shape_of(question), using, is_rest=True) is None:
        return None
    return Rest(rule.code, question)


def excluded_sets(rule: Rule, question: Question, using: str) -> list[tuple[str, list[Any]]]:
    """The other part: SQL, with its parameters, of the keys of people; one a set. As open."""
    if _is_made_each_time(rule, question):
        found = _sets(rule, question, using)
    else:
        found = _sets_of(rule.code, shape_of(question), using)
    return [(each.sql, list(each.params)) for each in found]


def _is_made_each_time(rule: Rule, question: Question) -> bool:
    return rule not in OWN or is_open(question) or has_tenants()


class Condition(Expression):
    """The condition of one of our own rules, true for whom it excludes."""

    is_rest = False

    def __init__(self, code: str, question: Question) -> None:
        super().__init__(output_field=BooleanField())
        self.code, self.question = code, question
        self.aliases = (Recipient._meta.db_table, FIRST_HELD)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Raises EmptyResultSet where it excludes nobody."""
        shape = shape_of(self.question)
        template = _template(self.code, shape, connection.alias, is_rest=self.is_rest)
        if template is None:
            raise EmptyResultSet
        sql = template.sql
        for mark, alias in zip(MARKS, self.aliases, strict=True):
            sql = sql.replace(mark, f"{_quoted(alias, compiler)}.")
        return sql, self._bound(template.params, connection)

    def _bound(self, params: tuple[Any, ...], connection: BaseDatabaseWrapper) -> list[Any]:
        return bound(params, given(self.question), connection)

    def relabeled_clone(self, change_map: Mapping[str, str]) -> "Condition":
        """The same within a query that calls its tables otherwise, being part of another."""
        clone = copy(self)
        person, first = (change_map.get(alias, alias) for alias in self.aliases)
        clone.aliases = (person, first)
        return clone


class Rest(Condition):
    """The part of such a condition that is no set of people, for a query that is bound later."""

    is_rest = True

    def _bound(self, params: tuple[Any, ...], connection: BaseDatabaseWrapper) -> list[Any]:
        return list(params)


_ALIAS = re.compile(r"\b([A-Z]+\d+)\b(?!\()")
"""What Django calls a table within a query, as U0: by depth, so that one outside may be U0 too."""

MARKS = ("\0person.", "\0first.")
"""Where the names of the tables of the query around it belong."""


@dataclass(frozen=True, slots=True)
class _Template:
    sql: str
    params: tuple[Any, ...]


@lru_cache(maxsize=SHAPES * len(OWN))
def _template(code: str, shape: Question, using: str, *, is_rest: bool) -> _Template | None:
    """None for a condition that holds of nobody."""
    question = opened(shape)
    condition: Any = _own(code).excludes(question)
    if is_rest:
        condition = parts_of(condition).rest
    query = with_address(Recipient.objects.all(), shape.channel, within=question.within).query
    tables = set(query.alias_map)
    node = condition.resolve_expression(query, allow_joins=True)
    if set(query.alias_map) != tables:
        raise TypeError(f"{code} joins a table to the person: ask with question.has() instead.")
    compiler = query.get_compiler(using)
    try:
        sql, params = compiler.compile(node)
    except EmptyResultSet:
        return None
    sql = _ALIAS.sub(r"own_\1", sql)
    for mark, alias in zip(MARKS, (Recipient._meta.db_table, FIRST_HELD), strict=True):
        sql = sql.replace(f"{_quoted(alias, compiler)}.", mark)
    return _Template(sql, tuple(params))


def _quoted(alias: str, compiler: SQLCompiler) -> str:
    """Before Django 6.1 an alias that is no table's own name stands without quotes."""
    quote = getattr(compiler, "quote_name", None) or compiler.quote_name_unless_alias
    return str(quote(alias))


@lru_cache(maxsize=SHAPES * len(OWN))
def _sets_of(code: str, shape: Question, using: str) -> list[_Template]:
    return _sets(_own(code), opened(shape), using)


def _sets(rule: Rule, question: Question, using: str) -> list[_Template]:
    found = []
    for keys in parts_of(rule.excludes(question)).sets:
        with suppress(EmptyResultSet):
            sql, params = keys.query.get_compiler(using).as_sql()
            found.append(_Template(sql, tuple(params)))
    return found


def _own(code: str) -> Rule:
    return next(rule for rule in OWN if rule.code == code)


@receiver(setting_changed, dispatch_uid="outreach.eligibility.compiled")
def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "OUTREACH":
        _template.cache_clear()
        _sets_of.cache_clear()
