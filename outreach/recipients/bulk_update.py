"""Change many rows of one of our tables at once, each to values of its own.

The ORM's bulk_update writes a CASE of a thousand cases for each column, and takes a hundred times
as long as the changes themselves.
"""

import json
from collections.abc import Sequence
from operator import attrgetter

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from outreach.recipients.bulk_insert import adapted


def update(model: type[Model], rows: Sequence[Model], columns: Sequence[str]) -> None:
    """Write these attributes of `rows`, which are there already. Sends no signals."""
    if not rows:
        return
    connection = connections[router.db_for_write(model)]
    match connection.vendor:
        case "sqlite":
            _execute_many(connection, model, rows, columns)
        case "postgresql":
            _from_json(connection, model, rows, columns)
        case _:
            model._base_manager.bulk_update(rows, columns)


def _execute_many(
    connection: BaseDatabaseWrapper,
    model: type[Model],
    rows: Sequence[Model],
    columns: Sequence[str],
) -> None:
    table, key, fields = _names(connection, model, columns)
    read = attrgetter(*(field.attname for field in fields), "pk")
    values = (adapted(connection, column) for column in zip(*map(read, rows), strict=True))
    settings = ", ".join(f"{connection.ops.quote_name(str(f.column))} = %s" for f in fields)
    command = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(command, list(zip(*values, strict=True)))


def _from_json(
    connection: BaseDatabaseWrapper,
    model: type[Model],
    rows: Sequence[Model],
    columns: Sequence[str],
) -> None:
    """One text for all values: psycopg would take longer to quote each by itself."""
    table, key, fields = _names(connection, model, columns)
    names = [f"c{number}" for number in range(len(fields))]
    read = attrgetter("pk", *(field.attname for field in fields))
    text = json.dumps(
        [dict(zip(["pk", *names], read(row), strict=True)) for row in rows], default=str
    )
    quote = connection.ops.quote_name
    settings = ", ".join(
        f"{quote(str(f.column))} = given.{name}" for f, name in zip(fields, names, strict=True)
    )
    types = ", ".join(
        f"{name} {f.db_type(connection)}" for f, name in zip(fields, names, strict=True)
    )
    command = (
        f"UPDATE {table} SET {settings} "  # noqa: S608
        f"FROM json_to_recordset(%s::json) AS given (pk bigint, {types}) "
        f"WHERE {table}.{key} = given.pk"
    )
    with connection.cursor() as cursor:
        cursor.execute(command, [text])


def _names(
    connection: BaseDatabaseWrapper, model: type[Model], columns: Sequence[str]
) -> "tuple[str, str, list[models.Field[object, object]]]":
    quote = connection.ops.quote_name
    by_name = {field.name: field for field in model._meta.concrete_fields}
    key = quote(str(model._meta.pk.column))
    return quote(model._meta.db_table), key, [by_name[name] for name in columns]
