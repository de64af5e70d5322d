"""Triggers that refuse UPDATE and DELETE on append-only tables, on each database in its own words.

They are no part of a migration: SQLite drops them when a migration rebuilds the table, so they are
compared and put back after each `migrate`. A trigger's name ends in a digest of what it says; one
that says something else, or was switched off, counts as missing. A database whose dialect is not
here goes without: `is_guardable` says so.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, ClassVar, Protocol

from django.db import router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from outreach.history.append_only import AppendOnly, append_only_tables

Table = type[AppendOnly]
SAYS = "is append-only: rows are added, never changed or deleted"


class Dialect(Protocol):
    """How one kind of database says it. `flush_deletes`: Django's `flush` deletes row by row."""

    flush_deletes: ClassVar[bool]
    prepare: ClassVar[str]
    tidy: ClassVar[str]

    def trigger(self, name: str, table: str, event: str, when: str) -> str: ...

    def drop(self, name: str, table: str) -> str: ...

    def found(self, connection: BaseDatabaseWrapper, table: str) -> set[str]:
        """The names of the triggers in force on a table."""


class Sqlite:
    flush_deletes: ClassVar[bool] = True
    prepare: ClassVar[str] = ""
    tidy: ClassVar[str] = ""

    def trigger(self, name: str, table: str, event: str, when: str) -> str:
        condition = f"WHEN {when} " if when else ""
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{name} {SAYS}'); END"
        )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def found(self, connection: BaseDatabaseWrapper, table: str) -> set[str]:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        return _column(connection, sql, [table])


class Postgresql:
    """`flush` is a TRUNCATE there, which fires no row trigger and takes a privilege of its own."""

    flush_deletes: ClassVar[bool] = False
    prepare: ClassVar[str] = f"""
        CREATE OR REPLACE FUNCTION outreach_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% {SAYS}', TG_TABLE_NAME USING ERRCODE = '23000';
        END $$
    """
    tidy: ClassVar[str] = "DROP FUNCTION IF EXISTS outreach_refuse_change()"

    def trigger(self, name: str, table: str, event: str, when: str) -> str:
        condition = f"WHEN ({when}) " if when else ""
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition}"
            "EXECUTE FUNCTION outreach_refuse_change()"
        )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name} ON {table}"

    def found(self, connection: BaseDatabaseWrapper, table: str) -> set[str]:
        sql = """
            SELECT tgname FROM pg_trigger
            WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal AND tgenabled IN ('O', 'A')
        """
        return _column(connection, sql, [connection.ops.quote_name(table)])


DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def is_guardable(connection: BaseDatabaseWrapper) -> bool:
    """Whether we know how to say it to this database."""
    return connection.vendor in DIALECTS


def put_back(connection: BaseDatabaseWrapper) -> list[str]:
    """Make the triggers that are missing, drop those that say something else; the names made."""
    dialect = DIALECTS.get(connection.vendor)
    if dialect is None:
        return []
    tables = _tables_in(connection)
    made: list[str] = []
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if not tables and dialect.tidy:  # migrated back to nothing
            cursor.execute(dialect.tidy)
        for table in tables:
            wanted, found = _wanted(connection, dialect, table), _found(connection, dialect, table)
            for name in sorted(found - wanted.keys()):
                cursor.execute(dialect.drop(name, _quoted(connection, table)))
            missing = [name for name in wanted if name not in found]
            if missing and not made and dialect.prepare:
                cursor.execute(dialect.prepare)
            for name in missing:
                cursor.execute(dialect.drop(name, _quoted(connection, table)))
                cursor.execute(wanted[name])
            made += missing
    return made


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that ought to be in force and are not, by name. Writes nothing."""
    dialect = DIALECTS.get(connection.vendor)
    if dialect is None:
        return []
    return [
        name
        for table in _tables_in(connection)
        for name in _wanted(connection, dialect, table).keys() - _found(connection, dialect, table)
    ]


@contextmanager
def lifted_to_flush(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers, where emptying the whole database means deleting its rows."""
    dialect = DIALECTS.get(connection.vendor)
    if dialect is None or not dialect.flush_deletes:
        yield
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            for table in _tables_in(connection):
                for name in _found(connection, dialect, table):
                    cursor.execute(dialect.drop(name, _quoted(connection, table)))
        yield
        put_back(connection)


def _wanted(connection: BaseDatabaseWrapper, dialect: Dialect, table: Table) -> dict[str, str]:
    """What a table needs: the SQL of each trigger by name."""
    quote = connection.ops.quote_name
    columns = {field.name: str(field.column) for field in table._meta.local_concrete_fields}
    emptied = [columns.pop(name) for name in table.may_be_emptied]
    fixed = ", ".join(map(quote, columns.values()))
    says = {
        "delete": ("DELETE", ""),
        "update": (f"UPDATE OF {fixed}" if emptied else "UPDATE", ""),
        **{
            f"rewrite_{column}": (f"UPDATE OF {quote(column)}", f"NEW.{quote(column)} <> ''")
            for column in emptied
        },
    }
    wanted: dict[str, str] = {}
    for what, (event, when) in says.items():
        sql = dialect.trigger("{name}", _quoted(connection, table), event, when)
        name = f"{table._meta.db_table}_no_{what}_{sha256(sql.encode()).hexdigest()[:8]}"
        wanted[name] = sql.replace("{name}", name)
    return wanted


def _found(connection: BaseDatabaseWrapper, dialect: Dialect, table: Table) -> set[str]:
    """Ours among the triggers of a table; a host may have added its own."""
    prefix = f"{table._meta.db_table}_no_"
    found = dialect.found(connection, table._meta.db_table)
    return {name for name in found if name.startswith(prefix)}


def _tables_in(connection: BaseDatabaseWrapper) -> list[Table]:
    there = set(connection.introspection.table_names())
    return [
        table
        for table in append_only_tables()
        if table._meta.db_table in there and router.allow_migrate_model(connection.alias, table)
    ]


def _quoted(connection: BaseDatabaseWrapper, table: Table) -> str:
    quoted: str = connection.ops.quote_name(table._meta.db_table)
    return quoted


def _column(connection: BaseDatabaseWrapper, sql: str, params: Iterable[Any]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return {row[0] for row in cursor.fetchall()}
