"""Reading a CRM of 200,000 contacts, against a bare loop that only reads the same rows.

    python -m benchmarks.sync [contacts] [--rounds 3]

The bare loop reads the rows that the demo's source reads, as models, and does nothing with them:
the contacts with their companies, then the orders. Each round times it, then what it is held
against, so that both meet the same machine; the ratios are the medians of the rounds. Memory is
that of the process at its highest, and what matters is that it does not grow with the contacts.
Works in a database of its own beside the one that
DATABASE_URL names, on PostgreSQL or SQLite.
"""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.database import own_database

NAME = "outreach_bench_sync"
CONTACTS_OF_A_COMPANY = 20
MOST = {"first sync": 4.0, "sweep after 1 % changed": 2.0}
"""How many times the bare loop each may take."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-sync", description=__doc__)
    parser.add_argument("contacts", nargs="?", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drop = own_database(NAME, Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        _fill(asked.contacts)
        _say_where(asked.contacts)
        ratios = _measure(asked.contacts, asked.rounds)
        connection.close()
        drop()
    return _verdict(ratios)


def _fill(size: int) -> None:
    """Every second contact has ordered once."""
    from project.crm.models import Company, Contact, Order

    count = size // CONTACTS_OF_A_COMPANY + 1
    companies = Company.objects.bulk_create(
        (Company(name=f"Company {n}", country="IT") for n in range(count)), batch_size=2000
    )
    Contact.objects.bulk_create(
        (
            Contact(
                company=companies[n // CONTACTS_OF_A_COMPANY],
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
    contacts = Contact.objects.order_by("pk").values_list("pk", flat=True).iterator()
    Order.objects.bulk_create(
        (
            Order(contact_id=pk, number=f"O{pk}", ordered_on=date(2026, 1, 1), total=60)
            for pk in islice(contacts, 0, None, 2)
        ),
        batch_size=2000,
    )
    _analyse()


def _analyse() -> None:
    """What a database does by itself after a night."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _say_where(size: int) -> None:
    import django
    from django.db import connection

    print(" ".join(("python", "-m", "benchmarks.sync", *sys.argv[1:])))
    print(
        f"{size:,} contacts; {connection.vendor}, Django {django.__version__}, "
        f"Python {platform.python_version()}, {os.cpu_count()} x {_processor()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if "model name" in line), "processor")


def _measure(size: int, rounds: int) -> dict[str, list[float]]:
    from outreach.recipients.sync import sweep

    ratios: dict[str, list[float]] = {what: [] for what in MOST}
    _bare_loop()
    before = _megabytes()
    for _round in range(rounds):
        for what, prepare in (
            ("first sync", _forget_everybody),
            ("sweep after 1 % changed", partial(_change_some, size)),
        ):
            prepare()
            _analyse()
            loop = _seconds(_bare_loop)
            took = _seconds(sweep)
            ratios[what].append(took / loop)
            print(f"  bare loop {loop:6.2f} s, {what} {took:6.2f} s: {took / loop:.1f} times")
    print(f"  memory {_megabytes():.0f} MB, grew by {_megabytes() - before:.0f} MB in the syncs")
    return ratios


def _bare_loop() -> None:
    from project.crm.models import Contact, Order

    for rows in (
        Contact.objects.select_related("company").order_by("pk"),
        Order.objects.order_by("contact"),
    ):
        for _row in rows.iterator():
            pass


def _forget_everybody() -> None:
    from outreach.recipients.models import Address, ContactLink, Recipient, RecipientAddress

    for model in (RecipientAddress, ContactLink, Address, Recipient):
        model.objects.all()._raw_delete("default")


def _change_some(size: int) -> None:
    from django.db.models import F
    from django.db.models.functions import Concat

    from project.crm.models import Contact

    some = Contact.objects.order_by("pk")[: size // 100].values("pk")
    Contact.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(
        city="Torino", last_name=Concat("last_name", F("first_name"))
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _verdict(ratios: dict[str, list[float]]) -> int:
    is_good = True
    for what, most in MOST.items():
        found = median(ratios[what])
        is_good &= found <= most
        print(f"{what}: {found:.1f} times the bare loop (at most {most:.0f})")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
