from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def uncompiled() -> Iterator[None]:
    """Where PostgreSQL does not compile its queries, in a transaction of its own.

    It compiles what it thinks will be dear, which takes some hundredths of a second for each
    condition. For who is in a group of 100,000 people that was 2 s of 2.3, and for freezing them
    25 s of 26. Does nothing else, and on other databases nothing at all: on SQLite a transaction
    would shut out whoever writes.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        without_jit()
        yield


def without_jit() -> None:
    """The same until the transaction under way ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
