from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connections

from outreach.history.triggers import lifted_to_flush


class Command(Flush):
    """Django's own, which empties the whole database after it has asked.

    Where that is a DELETE of every row (SQLite, and so every test there that commits), append-only
    tables would refuse it.
    """

    def handle(self, **options: Any) -> None:
        with lifted_to_flush(connections[options["database"]]):
            super().handle(**options)
