"""How PostgreSQL is to plan what concerns a great many rows."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def asking_of_many() -> Iterator[None]:
    """A transaction that asks about many rows, or the one under way from here on.

    On other databases nothing at all: on SQLite a transaction would shut out whoever writes.
    """
    is_postgres = connection.vendor == "postgresql"
    is_new = is_postgres and not connection.in_atomic_block
    with transaction.atomic() if is_new else nullcontext():
        if is_postgres:
            ask_of_many()
        yield


def ask_of_many() -> None:
    """Until the transaction under way ends, have the query not compiled, and room to work in.

    PostgreSQL compiles what it thinks will be dear, which takes some hundredths of a second for
    each condition. For who is in a group of 100,000 people that was 2 s of 2.3, and for freezing
    them 25 s of 26. With the memory that it has by itself it would go through a list of keys from
    one end to the other for each person, once that is too long to be looked up in; and it takes
    each row for one that has to be fetched from a disk that turns.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true),"
                " set_config('random_page_cost', '1.1', true)"
            )


def once(connection: BaseDatabaseWrapper) -> str:
    """What follows AS in a query's WITH, to have it worked out once.

    A database may do so anew for each place that names it.
    """
    is_sqlite = connection.vendor == "sqlite"
    version = connection.Database.sqlite_version_info if is_sqlite else ()  # type: ignore[attr-defined]
    return "MATERIALIZED" if connection.vendor == "postgresql" or version >= (3, 35) else ""
