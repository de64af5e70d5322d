from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from outreach.tenancy import has_tenants
from outreach.workplace.row_security import guarded, statements


class Command(BaseCommand):
    help = "Put row-level security in force on outreach's tables; to be repeated after migrate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--setting", required=True, help="the setting with the tenant under way: app.tenant"
        )
        parser.add_argument("--sql", action="store_true", help="print the SQL, and change nothing")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(
        self, *args: Any, setting: str, sql: bool, database: str, **options: Any
    ) -> str | None:
        connection = connections[database]
        if connection.vendor != "postgresql":
            raise CommandError(f"Only PostgreSQL has it, and {database!r} is {connection.vendor}.")
        if not has_tenants():
            raise CommandError("Set OUTREACH['TENANCY'] first: docs/tenants.md shows how.")
        try:
            wanted = statements(setting, connection)
        except ValueError as error:
            raise CommandError(f"--setting {error}") from error
        if sql:
            return "BEGIN;\n" + "".join(f"{each};\n" for each in wanted) + "COMMIT;"
        with transaction.atomic(using=database), connection.cursor() as cursor:
            for each in wanted:
                cursor.execute(each)
        return f"{len(guarded())} tables show each tenant its own rows alone."
