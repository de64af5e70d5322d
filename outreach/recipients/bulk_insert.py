"""Put many new rows into one of our tables, in the fastest way that the database has.

A first sync writes four rows for each contact, and nine tenths of its time were spent by the ORM
on building and quoting INSERTs. Only for rows that are known to be new: there is no
ON CONFLICT, a row that is there already raises IntegrityError.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]

_MEANT = "\\\t\n\r"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""What has a meaning in the text format of PostgreSQL's COPY."""


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows of these attributes.

    Every column without a default of the database's own has to be named. Sends no signals.
    Raises IntegrityError.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    if _is_sqlite(connection):
        _execute_many(connection, model, columns, rows)
    elif _can_copy(connection, model):
        _copy(connection, model, columns, rows)
    else:
        _create(model, columns, rows)


def insert_with_keys(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]
) -> list[int]:
    """The same, and return the keys of the rows, in their order."""
    if not rows:
        return []
    connection = connections[router.db_for_write(model)]
    if _is_sqlite(connection):
        return _execute_many(connection, model, columns, rows)
    if _can_copy(connection, model):
        keys = _new_keys(connection, model, len(rows))
        keyed = [(key, *row) for key, row in zip(keys, rows, strict=True)]
        _copy(connection, model, [model._meta.pk.attname, *columns], keyed)
        return keys
    return _create(model, columns, rows)


def _create(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    made = [model(**dict(zip(columns, row, strict=True))) for row in rows]
    model._base_manager.bulk_create(made)
    return [row.pk for row in made]


def _is_sqlite(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "sqlite"


def _can_copy(connection: BaseDatabaseWrapper, model: type[models.Model]) -> bool:
    """COPY is PostgreSQL's, and refused where policies bind this user."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_security_active(%s)", [model._meta.db_table])
        return not cursor.fetchone()[0]


def _copy(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row],
) -> None:
    as_texts = [_texts(column) for column in zip(*rows, strict=True)]
    text = "\n".join(map("\t".join, zip(*as_texts, strict=True))) + "\n"
    command = f"COPY {_table(connection, model, columns)} FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        raw: Any = cursor.cursor
        if hasattr(raw, "copy_expert"):  # psycopg2
            from io import StringIO

            raw.copy_expert(command, StringIO(text))
        else:
            with raw.copy(command) as copy:
                copy.write(text)


def _new_keys(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _texts(column: tuple[Any, ...]) -> Iterable[str]:
    """A column in the format of COPY; most have one type, and nothing in them to escape."""
    kinds = set(map(type, column))
    if kinds == {int}:
        return map(str, column)
    if kinds == {str} and not any(map("".join(column).__contains__, _MEANT)):
        return column
    known: dict[Any, str] = {}
    return [known.get(value) or known.setdefault(value, _text(value)) for value in column]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if value is None:
        return "\\N"
    return value.isoformat() if isinstance(value, date) else str(value)


def _execute_many(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row],
) -> list[int]:
    """The keys are those that follow the last one: SQLite has one writer at a time."""
    places = ", ".join(["%s"] * len(columns))
    command = f"INSERT INTO {_table(connection, model, columns)} VALUES ({places})"  # noqa: S608
    values = (adapted(connection, column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.executemany(command, list(zip(*values, strict=True)))
        cursor.execute("SELECT last_insert_rowid()")
        last = cursor.fetchone()[0]
    return list(range(last - len(rows) + 1, last + 1))


def adapted(connection: BaseDatabaseWrapper, column: tuple[Any, ...]) -> Iterable[Any]:
    """Values as SQLite keeps them; what it has no type for is text."""
    adapters: dict[type, Callable[[Any], Any]] = {
        datetime: connection.ops.adapt_datetimefield_value,
        date: connection.ops.adapt_datefield_value,
        UUID: attrgetter("hex"),
    }
    kinds = set(map(type, column))
    if not adapters.keys() & kinds:
        return column
    if kinds == {UUID}:
        return [value.hex for value in column]
    known: dict[Any, Any] = {}
    for value in column:
        if value not in known:
            known[value] = adapters.get(type(value), lambda same: same)(value)
    return [known[value] for value in column]


def _table(
    connection: BaseDatabaseWrapper, model: type[models.Model], columns: Sequence[str]
) -> str:
    quote = connection.ops.quote_name
    names = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    listed = ", ".join(quote(names[each]) for each in columns)
    return f"{quote(model._meta.db_table)} ({listed})"
