"""Reading a CRM of 200,000 contacts, against a bare loop that only reads the same rows.

    python -m benchmarks.sync [contacts]

Works in a database of its own beside the one that DATABASE_URL names, on PostgreSQL or SQLite.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

NAME = "outreach_bench_sync"


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        _own_database(Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        _fill(size)
        _measure(size, connection.vendor)
        connection.close()
    return 0


def _own_database(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ["DEMO_DATA"] = str(folder)
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {NAME}")
        admin.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{NAME}").geturl()


def _fill(size: int) -> None:
    from project.crm.models import Contact

    Contact.objects.bulk_create(
        (
            Contact(
                first_name=f"Given{n}",
                last_name=f"Family{n}",
                email=f"person{n}@example.com",
                country="IT",
                city="Asti",
                language="it",
                time_zone="Europe/Rome",
            )
            for n in range(size)
        ),
        batch_size=2000,
    )


def _measure(size: int, vendor: str) -> None:
    from django.db.models import F

    from outreach.recipients.sources import sources
    from outreach.recipients.sync import sweep
    from project.crm.models import Contact

    source = sources()["crm.contact"]

    def bare() -> None:
        paths = [getattr(source, name) for name in source._paths if getattr(source, name)]
        for _row in source.queryset().order_by("pk").values_list("pk", *paths).iterator():
            pass

    bare()
    before = _megabytes()
    loop = min(_seconds(bare) for _ in range(3))
    first = _seconds(sweep)
    Contact.objects.filter(
        pk__in=Contact.objects.order_by("pk")[: size // 100].values("pk")
    ).update(city="Torino", last_name=F("first_name"))
    again = _seconds(sweep)
    print(f"{vendor}: {size:,} contacts; bare loop {loop:.2f} s")
    print(f"  first sync {first:.2f} s, {first / loop:.1f} times (at most 4)")
    print(f"  sweep after 1 % changed {again:.2f} s, {again / loop:.1f} times (at most 2)")
    print(f"  memory grew by {_megabytes() - before:.0f} MB")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
