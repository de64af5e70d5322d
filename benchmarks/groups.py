"""What rules of groups cost over a CRM of many people: to count, and to freeze for a campaign.

    python -m benchmarks.groups [people] [--only NAME] [--plan]

Works in a database of its own beside the one that DATABASE_URL names, on PostgreSQL or SQLite;
`--keep` leaves it there for the next time. `--plan` shows how the database finds the members.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

NAME = "outreach_bench_groups"
COUNTRIES = ("IT", "ES", "FR", "DE", "US", "GB", "CH", "AT", "RU", "NL")
CHUNK = 100_000


def asks(fact: str, lookup: str, value: Any = None) -> dict[str, Any]:
    condition = {"fact": fact, "is": lookup}
    return condition if value is None else {**condition, "value": value}


def block(match: str, *conditions: dict[str, Any]) -> dict[str, Any]:
    return {"match": match, "conditions": list(conditions)}


ITALY = asks("contact.country", "equals", "IT")
ASTI = asks("contact.city", "equals", "City 7")
WANTS = asks("interest", "includes", "tastings")
WRITTEN = asks("message.last", "in_last", 30)
NEW = asks("contact.customer_since", "after", "2020-06-01")
RULES = {
    "all of": block("all", ITALY, WANTS, asks("person.stage", "equals", "customer")),
    "any of": block("any", ITALY, ASTI, WRITTEN, asks("reply.last", "in_last", 30)),
    "any of, few": block("any", ASTI, asks("contact.city", "equals", "City 8")),
    "none of": block("none", ITALY, ASTI, WRITTEN),
    "nested": block(
        "all",
        block("any", ITALY, block("all", NEW, WANTS), asks("contact.city", "contains", "99")),
        block("none", ASTI, WRITTEN, block("all", NEW, asks("person.country", "equals", "FR"))),
    ),
    "nobody": block("any", asks("contact.city", "equals", "zz"), asks("reply.last", "filled")),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.groups", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=100_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_new = _own_database(Path(folder), asked.people)
        import django

        django.setup()
        if is_new:
            _fill(asked.people)
        from django.db import connection

        print(f"{asked.people:,} people; {connection.vendor}, Django {django.__version__}")
        for name in RULES:
            if asked.only in name:
                _measure(name, with_plan=asked.plan)
        connection.close()
        if not asked.keep:
            _drop(asked.people)
    return 0


def _own_database(folder: Path, size: int) -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    os.environ["DEMO_DATA"] = str(folder)
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        os.environ.pop("DATABASE_URL", None)
        return True
    import psycopg

    name = f"{NAME}_{size}"
    os.environ["OUTREACH_BENCH_SERVER"] = url
    os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        admin.execute(f"CREATE DATABASE {name}")
    return True


def _drop(size: int) -> None:
    if not (server := os.environ.get("OUTREACH_BENCH_SERVER")):
        return
    import psycopg

    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {NAME}_{size} WITH (FORCE)")


def _fill(size: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.people import fill

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for first in range(1, size + 1, CHUNK):
            cursor.execute(_contacts(first, min(first + CHUNK - 1, size)))
    fill(size)
    with connection.cursor() as cursor:
        cursor.execute(_attempts())
        cursor.execute("ANALYZE")


def _contacts(first: int, last: int) -> str:
    """The CRM's own rows, keyed as the links of `benchmarks.people` say."""
    from django.db import connection

    country = f"CASE i % 10 {' '.join(f'WHEN {n} THEN {c!r}' for n, c in enumerate(COUNTRIES))} END"
    numbers = (
        f"generate_series({first}, {last}) AS n(i)"
        if connection.vendor == "postgresql"
        else f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n "
        f"WHERE i < {last}) SELECT i FROM n) AS n"
    )
    no = "false" if connection.vendor == "postgresql" else "0"
    now = "now()" if connection.vendor == "postgresql" else "datetime('now')"
    since = (
        "DATE '2010-01-01' + i % 6000"
        if connection.vendor == "postgresql"
        else "date('2010-01-01', '+' || (i % 6000) || ' days')"
    )
    return f"""INSERT INTO crm_contact (id, street, postcode, city, region, country, first_name,
        last_name, email, phone, mobile, language, time_zone, do_not_contact, customer_since,
        notes, created_at, updated_at)
        SELECT i, '', '', 'City ' || (i % 1000), '', {country}, 'Given', 'Family',
            'person' || i || '@example.com', '', '', 'it', '', {no}, {since}, '', {now}, {now}
        FROM {numbers}"""


def _attempts() -> str:
    """That the mail of three days ago was handed over, which rules ask about."""
    from django.db import connection

    is_postgres = connection.vendor == "postgresql"
    key = "lpad(to_hex(id), 32, '0')::uuid" if is_postgres else "printf('%032x', id)"
    at = "now() - interval '3 days'" if is_postgres else "datetime('now', '-3 days')"
    return f"""INSERT INTO outreach_attempt (delivery_id, number, key, outcome, claimed_at,
        handed_over_at, provider_message_id, detail)
        SELECT id, 1, {key}, 'accepted', {at}, {at}, '', '' FROM outreach_delivery"""


def _measure(name: str, *, with_plan: bool) -> None:
    from django.db import connection, transaction

    from outreach.groups.members import members_of
    from outreach.recipients.many_rows import asking_of_many

    with transaction.atomic():
        group, campaign = _aimed(name)
        people = members_of(group).order_by()
        if with_plan:
            is_postgres = connection.vendor == "postgresql"
            print(people.explain(**({"analyze": True, "buffers": True} if is_postgres else {})))
        with asking_of_many():
            count, counted = _timed(people.count)
            _page, paged = _timed(lambda: list(members_of(group).order_by("name", "pk")[:50]))
        found, asked = _timed(lambda: _candidates(campaign))
        run, froze = _timed(lambda: _freeze(campaign))
        transaction.set_rollback(True)
    print(
        f"  {name:14} {count:9,} members counted in {counted:6.2f} s, a page {paged:6.2f} s, "
        f"{found:9,} candidates {asked:6.2f} s, frozen {froze:6.2f} s ({run.included:,} included)",
        flush=True,
    )


def _aimed(name: str) -> tuple[Any, Any]:
    """A campaign for a group by that rule, all but another group by rule."""
    from benchmarks.people import make_campaign
    from outreach.campaigns.models import CampaignGroup
    from outreach.groups.models import ContactGroup
    from outreach.preferences.models import Topic

    group, left_out = (
        ContactGroup.objects.create(name=f"Bench: {called}", kind="rule", rule=rule)
        for called, rule in (
            (name, {"version": 2, **RULES[name]}),
            ("left out", {"version": 2, **block("any", NEW, ASTI)}),
        )
    )
    campaign = make_campaign(Topic.objects.get(slug="tastings"), group, name)
    CampaignGroup.objects.create(campaign=campaign, group=left_out, is_left_out=True)
    return group, campaign


def _candidates(campaign: Any) -> int:
    """As a freeze asks for them: range by range."""
    from outreach.audiences.candidates import candidates_of
    from outreach.audiences.ranges import range_size
    from outreach.eligibility.rule import KeyRange
    from outreach.recipients.many_rows import asking_of_many
    from outreach.recipients.models import Recipient

    last = Recipient.objects.order_by("-pk").values_list("pk", flat=True)[0]
    starts = range(0, last, range_size())
    ranges = (KeyRange(start, start + range_size()) for start in starts)
    with asking_of_many():
        return sum(candidates_of(campaign, within=within).count() for within in ranges)


def _freeze(campaign: Any) -> Any:
    from outreach.audiences.freeze import freeze
    from outreach.history.actor import SYSTEM

    return freeze(campaign, by=SYSTEM)


def _timed(work: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
