"""Queries whose plan PostgreSQL keeps from one time to the next.

To plan what a page or a claim asks takes many times as long as to answer it. Drivers keep no
plans by themselves where a pooler may lend another session to each transaction. Here a transaction
asks its session once which plans it has, so that it does not matter whose it was before.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from outreach.tenancy import has_tenants

PREFIX = "outreach_"
Given = Mapping[str, Any]
Rows = list[tuple[Any, ...]]

MOST = 100
"""So many plans of ours a session keeps: each takes some of the server's memory."""


class Open:
    """A parameter whose value is given when the query is run."""

    def value_of(self, given: Given, connection: BaseDatabaseWrapper) -> Any:
        raise NotImplementedError

    def type_in(self, connection: BaseDatabaseWrapper) -> str:
        raise NotImplementedError


class _Session:
    """The names of the plans that the database session has, asked when the first is needed."""

    def __init__(self, transaction_of: ExitStack) -> None:
        self._transaction = transaction_of
        self._names: set[str] | None = None

    @property
    def names(self) -> set[str]:
        if self._names is None:
            if not connection.in_atomic_block:
                self._transaction.enter_context(transaction.atomic())
            self._names = _asked_names()
        return self._names


_session: ContextVar[_Session | None] = ContextVar("outreach_kept_plans", default=None)


@contextmanager
def kept_plans() -> Iterator[None]:
    """Inside, the database session keeps the plan of each Statement that is run.

    From the first of them on in one transaction. The plans are made for any value, not for those
    of the first time. Inside another such block it changes nothing.
    """
    if _session.get():
        yield
        return
    with ExitStack() as transaction_of:
        before = _session.set(_Session(transaction_of) if _can_keep() else None)
        try:
            yield
        finally:
            _session.reset(before)


def _asked_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('plan_cache_mode', 'force_generic_plan', true),"
            " set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true),"
            " ARRAY(SELECT name FROM pg_prepared_statements WHERE starts_with(name, %s))",
            [PREFIX],
        )
        (*_settings, names) = cursor.fetchone()
    return set(names)


def _can_keep() -> bool:
    """Not where the driver binds values on the server: it has ways of its own then.

    Nor where there are tenants: each has its own text, and a session would fill with theirs.
    """
    if connection.vendor != "postgresql" or has_tenants():
        return False
    return not connection.features.uses_server_side_binding  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Statement:
    """SQL as Django makes it, with its parameters, some of which may be Open."""

    sql: str
    params: tuple[Any, ...]

    def rows(self, given: Given, connection: BaseDatabaseWrapper) -> Rows:
        with connection.cursor() as cursor:
            if self._is_kept(cursor, connection):
                cursor.execute(*self._executing(given, connection))
            elif connection.vendor == "sqlite":
                values = bound(self._by_name.values(), given, connection)
                cursor.execute(self._named, dict(zip(self._by_name, values, strict=True)))
            else:
                cursor.execute(self.sql, bound(self.params, given, connection))
            rows: Rows = cursor.fetchall()
        return rows

    def _is_kept(self, cursor: Any, connection: BaseDatabaseWrapper) -> bool:
        """Whether the session has its plan, from here on at the latest."""
        session = _session.get() if connection.alias == DEFAULT_DB_ALIAS else None
        if session is None:
            return False
        if self.name not in session.names and len(session.names) < MOST:
            cursor.execute(self._preparing(connection))
            session.names.add(self.name)
        return self.name in session.names

    @cached_property
    def name(self) -> str:
        """Of the plan: the same in each process, for the same text."""
        digest = hashlib.sha256(repr((self.sql, self._fixed)).encode()).hexdigest()
        return PREFIX + digest[:32]

    @cached_property
    def _by_name(self) -> dict[str, Any]:
        """The parameters by name; what is left open has one, however often it is in the text."""
        return dict(zip(self._names, self.params, strict=True))

    @cached_property
    def _names(self) -> list[str]:
        places = {param: place for place, param in enumerate(self._opened)}
        return [
            f"open{places[param]}" if isinstance(param, Open) else f"fixed{place}"
            for place, param in enumerate(self.params)
        ]

    @cached_property
    def _named(self) -> str:
        """With parameters by name, as Django hands a long text to SQLite the soonest."""
        return self.sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in self._names)

    @cached_property
    def _fixed(self) -> list[str]:
        return [
            "" if isinstance(param, Open) else f"{type(param).__name__}:{param}"
            for param in self.params
        ]

    @cached_property
    def _opened(self) -> list[Open]:
        return list(dict.fromkeys(param for param in self.params if isinstance(param, Open)))

    def _preparing(self, connection: BaseDatabaseWrapper) -> str:
        """With the fixed values written out, so that a plan can rest on them."""
        places = {param: f"${place}" for place, param in enumerate(self._opened, 1)}
        written: list[str] = [
            places[param] if isinstance(param, Open) else connection.ops.compose_sql("%s", [param])  # type: ignore[attr-defined]
            for param in self.params
        ]
        types = ", ".join(param.type_in(connection) for param in self._opened)
        return f"PREPARE {self.name} ({types}) AS {self.sql % tuple(written)}"

    def _executing(self, given: Given, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        places = ", ".join(["%s"] * len(self._opened))
        values = f" ({places})" if places else ""
        return f"EXECUTE {self.name}{values}", bound(self._opened, given, connection)


def can_ask_at_once() -> bool:
    """Whether plans are kept here, by a driver that hands out several answers one by one."""
    return _session.get() is not None and connection.Database.__name__ == "psycopg"  # type: ignore[attr-defined]


def rows_at_once(asked: Sequence[tuple[Statement, Given]]) -> dict[int, Rows]:
    """The rows of each that the session keeps a plan of, by its place among what is `asked`.

    All for one way to the database and back.
    """
    found: dict[int, Rows] = {}
    with connection.cursor() as cursor:
        sent = {
            place: statement._executing(given, connection)
            for place, (statement, given) in enumerate(asked)
            if statement._is_kept(cursor, connection)
        }
        if sent:
            texts, values = zip(*sent.values(), strict=True)
            cursor.execute("; ".join(texts), list(chain.from_iterable(values)))
        for place in sent:
            found[place] = cursor.fetchall()
            cursor.nextset()
    return found


def bound(params: Any, given: Given, connection: BaseDatabaseWrapper) -> list[Any]:
    """The parameters with the values in place of what was left open."""
    return [
        param.value_of(given, connection) if isinstance(param, Open) else param for param in params
    ]
