"""Queries whose SQL is worked out once: those of a page that is asked for again and again.

Django builds and compiles a query anew each time. For what a public page asks, that takes many
times as long as the database takes to answer, and only the values differ: whose, where, when.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    Expression,
    Field,
    Model,
    QuerySet,
)
from django.db.models.sql.compiler import SQLCompiler

from outreach.kept_plans import Given, Open, Rows, Statement, can_ask_at_once, rows_at_once
from outreach.tenancy import has_tenants

Converters = list[tuple[int, list[Callable[..., Any]], Any]]


@dataclass(frozen=True, slots=True)
class _Value(Open):
    """What stands for a value in the parameters: the one given by this name, or one at its place.

    Compared often and by what is given alone, so it is no expression.
    """

    name: str
    field: "Field[Any, Any]" = dataclass_field(compare=False)
    shift: timedelta = timedelta()
    place: int | None = None

    def value_of(self, given: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        value = given[self.name] if self.place is None else given[self.name][self.place]
        shifted = value + self.shift if self.shift else value
        return self.field.get_db_prep_value(shifted, connection)

    def type_in(self, connection: BaseDatabaseWrapper) -> str:
        return self.field.db_type(connection) or ""


class Asked(Expression):
    """A value that is given when the query is run, under this name; a time may be shifted."""

    def __init__(
        self, name: str, output_field: "Field[Any, Any]", shift: timedelta = timedelta()
    ) -> None:
        super().__init__(output_field=output_field)
        self.name, self.shift = name, shift

    def __add__(self, shift: timedelta) -> "Asked":  # type: ignore[override]
        return Asked(self.name, self.output_field, self.shift + shift)

    def __sub__(self, shift: timedelta) -> "Asked":  # type: ignore[override]
        return Asked(self.name, self.output_field, self.shift - shift)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", [_Value(self.name, self.output_field, self.shift)]


class AskedKeys(Expression):
    """So many keys of rows, given as a sequence; for `__in`."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name, self.count = name, count

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        keys = [_Value(self.name, self.output_field, place=place) for place in range(self.count)]
        return f"({', '.join(['%s'] * self.count)})", keys


def asked_key(name: str) -> Asked:
    """The key of a row, or what holds one."""
    return Asked(name, BigIntegerField())


def asked_text(name: str) -> Asked:
    return Asked(name, CharField())


def asked_time(name: str) -> Asked:
    return Asked(name, DateTimeField())


def asked_date(name: str) -> Asked:
    return Asked(name, DateField())


@dataclass(frozen=True, slots=True)
class _Ready:
    statement: Statement
    converters: Converters


@contextmanager
def asked_ahead(questions: "Iterable[Question]") -> Iterator[None]:
    """Inside, rows for these are at hand, asked for all at once; one question a query.

    So they do not show what is written inside. Where plans are not kept each is asked in its turn.
    """
    before = _ahead.set(_answered(questions) if can_ask_at_once() else None)
    try:
        yield
    finally:
        _ahead.reset(before)


class Prepared:
    """`build` makes the query, of values, with an Asked wherever something is given.

    Where the host has tenants it is worked out each time, since the tenant under way is part of it.
    """

    def __init__(self, build: "Callable[[], QuerySet[Any, Any]]") -> None:
        self._build = build
        self._model: Any = None
        self._ready: dict[str, _Ready | None] = {}

    def about(self, **given: Any) -> "Question":
        """What `rows` would ask, for asked_ahead."""
        return Question(self, given)

    def rows(self, **given: Any) -> Rows:
        return self.rows_from(**given)[0]

    def rows_from(self, **given: Any) -> tuple[Rows, str]:
        """The rows, and the alias of the database that they are from."""
        ahead = _ahead.get()
        if ahead and self in ahead and ahead[self].given == given:
            return ahead[self].rows, DEFAULT_DB_ALIAS
        ready, using = self.get_ready()
        if ready is None:
            return [], using
        connection = connections[using]
        rows = ready.statement.rows(given, connection)
        return _converted(rows, ready.converters, connection), using

    def get_ready(self) -> tuple[_Ready | None, str]:
        """Its SQL, None where it can find nothing, and the database that it is for."""
        if self._model is None:
            self._model = self._build().model
        using = router.db_for_read(self._model)
        if has_tenants():
            return _compiled(self._build(), using), using
        if using not in self._ready:
            self._ready[using] = _compiled(self._build(), using)
        return self._ready[using], using


@dataclass(frozen=True, slots=True)
class Question:
    """A query, with what is given for it."""

    query: Prepared
    given: Given


@dataclass(frozen=True, slots=True)
class _Answer:
    given: Given
    rows: Rows


_ahead: ContextVar[dict[Prepared, _Answer] | None] = ContextVar("outreach_ahead", default=None)


def _answered(questions: Iterable[Question]) -> dict[Prepared, _Answer]:
    asked: list[tuple[Question, _Ready]] = []
    for question in questions:
        ready, using = question.query.get_ready()
        if ready and using == DEFAULT_DB_ALIAS:
            asked.append((question, ready))
    found = rows_at_once([(ready.statement, question.given) for question, ready in asked])
    answers = {}
    for place, rows in found.items():
        question, ready = asked[place]
        converted = _converted(rows, ready.converters, connections[DEFAULT_DB_ALIAS])
        answers[question.query] = _Answer(question.given, converted)
    return answers


class PreparedRow:
    """Finds rows of `model` by what is asked, each with those its keys lead to by these paths, as
    "delivery__run"; every path after the one it goes on from. In the order of the model.
    """

    def __init__(self, model: type[Model], *paths: str, by: "Mapping[str, object]") -> None:
        parts = [("", model), *((path, _model_at(model, path)) for path in paths)]
        self._parts = [
            (*_place(path), part, [field.attname for field in part._meta.concrete_fields])
            for path, part in parts
        ]
        columns = [
            f"{path}__{name}" if path else name
            for path, part in parts
            for name in (field.attname for field in part._meta.concrete_fields)
        ]
        rows = model._default_manager.filter
        self._query = Prepared(lambda: rows(**by).values_list(*columns))

    def about(self, **given: Any) -> Question:
        """What `all` would ask, for asked_ahead."""
        return self._query.about(**given)

    def first(self, **given: Any) -> Any:
        """A row, or None."""
        return next(iter(self.all(**given)), None)

    def all(self, **given: Any) -> list[Any]:
        rows, using = self._query.rows_from(**given)
        return [self._made_of(row, using) for row in rows]

    def _made_of(self, row: tuple[Any, ...], using: str) -> Any:
        made: dict[str, Any] = {}
        at = 0
        for above, name, model, columns in self._parts:
            values = row[at : at + len(columns)]
            at += len(columns)
            is_there = values[columns.index(model._meta.pk.attname)] is not None
            one = model.from_db(using, columns, values) if is_there else None
            if name and made[above] is not None:
                setattr(made[above], name, one)
            made[f"{above}__{name}" if above else name] = one
        return made[""]


def _place(path: str) -> tuple[str, str]:
    """The path that it goes on from, and the name of the key there."""
    above, _between, name = path.rpartition("__")
    return above, name


def _model_at(model: type[Model], path: str) -> Any:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def _compiled(queryset: "QuerySet[Any, Any]", using: str) -> _Ready | None:
    """None for a query that can find nothing."""
    compiler = queryset.query.get_compiler(using)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = compiler.select[: compiler.col_count]
    found = compiler.get_converters([column[0] for column in columns])
    converters = [(at, list(convert), column) for at, (convert, column) in found.items()]
    return _Ready(Statement(sql, tuple(params)), converters)


def _converted(rows: Rows, converters: Converters, connection: BaseDatabaseWrapper) -> Rows:
    """As Django would hand them out: dates and keys that a database has no type for."""
    if not converters:
        return rows
    changed = [list(row) for row in rows]
    for at, convert, column in converters:
        for row in changed:
            for each in convert:
                row[at] = each(row[at], column, connection)
    return [tuple(row) for row in changed]
