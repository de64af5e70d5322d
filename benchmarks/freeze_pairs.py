"""One size in one database, for `benchmarks.freeze`: the pairs, as JSON on the last line."""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.database import own_database

NAME = f"outreach_bench_freeze_{os.getpid()}"
BATCH, AGAIN_PAIRS = 50, 41
Pairs = list[tuple[float, float]]


def main() -> None:
    size, pairs = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        drop = own_database(NAME, Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        found = _measure(size, pairs)
        connection.close()
        drop()
    print(json.dumps(found))


def _measure(size: int, pairs: int) -> dict[str, Any]:
    from benchmarks.people import fill
    from outreach.audiences.ranges import range_size

    topic, group = fill(size)
    _let_settle()
    queries, queries_a_range = _queries(topic, group, size)
    freezes = [_freeze_pair(topic, group, size) for _ in range(pairs)]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    previews = _preview_pairs(topic, group, size, pairs)
    again = _again_pairs(topic, group)
    return {
        "size": size,
        "ranges": -(-size // range_size()),
        "queries": queries,
        "queries_a_range": queries_a_range,
        "freeze": _ratio(freezes),
        "preview": _ratio(previews),
        "again": _ratio(again),
        "seconds": median(ours for ours, _bare in freezes),
        "megabytes": megabytes,
        "seconds_of": {"freeze": freezes, "preview": previews, "again": again[:5]},
    }


def _freeze_pair(topic: Any, group: Any, size: int) -> tuple[float, float]:
    from benchmarks.by_hand import freeze_by_hand
    from benchmarks.people import make_campaign
    from outreach.audiences.freeze import freeze
    from outreach.history.actor import SYSTEM

    campaign = make_campaign(topic, group, "Ours")
    ours = _seconds(lambda: freeze(campaign, by=SYSTEM))
    _take_away()
    run = _run(topic, group)
    bare = _seconds(lambda: freeze_by_hand(topic, group, run, size))
    _take_away()
    return ours, bare


def _preview_pairs(topic: Any, group: Any, size: int, pairs: int) -> Pairs:
    from benchmarks.by_hand import preview_by_hand
    from benchmarks.people import make_campaign
    from outreach.audiences.preview import preview

    campaign = make_campaign(topic, group, "Looked at")
    return [
        (
            _seconds(lambda: preview(campaign)),
            _seconds(lambda: preview_by_hand(topic, group, size)),
        )
        for _ in range(pairs)
    ]


def _again_pairs(topic: Any, group: Any) -> Pairs:
    """The question of a claim about people who are in a run, and their rows alone."""
    from django.db import connection, transaction

    from benchmarks.people import make_campaign
    from outreach.audiences.freeze import freeze
    from outreach.dispatch.claim import _ask_again
    from outreach.history.actor import SYSTEM
    from outreach.ledger.models import Delivery

    run = freeze(make_campaign(topic, group, "Sent"), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the server does by itself, a minute after a freeze
    batch = Delivery.objects.filter(run=run, state="planned").order_by("pk")
    rows = list(batch[:BATCH])
    keys = [row.pk for row in rows]
    known = {row.address_id for row in rows if row.address_id}
    assert len(_ask_again(run, rows, locked=known)) == len(rows)
    with transaction.atomic():  # as a claim asks
        return [
            (
                _seconds(lambda: _ask_again(run, rows, locked=known)),
                _seconds(lambda: list(Delivery.objects.filter(pk__in=keys))),
            )
            for _ in range(AGAIN_PAIRS)
        ]


def _queries(topic: Any, group: Any, size: int) -> tuple[int, int]:
    """How many a freeze takes, and how many more with one range more."""
    from django.conf import settings
    from django.test import override_settings

    _count_of(topic, group)  # the first one makes the row that the others lock
    counted = _count_of(topic, group)
    if size > 20_000:
        return counted, 0
    halves = {**settings.OUTREACH, "FREEZE_RANGE": size // 2}
    with override_settings(OUTREACH=halves):
        return counted, _count_of(topic, group) - counted


def _count_of(topic: Any, group: Any) -> int:
    from django.db import connection

    from benchmarks.people import make_campaign
    from outreach.audiences.freeze import freeze
    from outreach.history.actor import SYSTEM

    count = 0

    def counting(execute: Callable[..., Any], *asked: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*asked)

    campaign = make_campaign(topic, group, "Counted")
    with connection.execute_wrapper(counting):
        freeze(campaign, by=SYSTEM)
    _take_away()
    return count


def _run(topic: Any, group: Any) -> Any:
    from django.utils import timezone

    from benchmarks.people import make_campaign
    from outreach.ledger.models import Run

    return Run.objects.create(
        campaign=make_campaign(topic, group, "By hand"),
        channel="email",
        state="frozen",
        frozen_at=timezone.now(),
    )


def _take_away() -> None:
    """What was frozen, so that each freeze meets the same tables."""
    from outreach.ledger.models import Delivery

    Delivery.objects.filter(cap_on__isnull=True)._raw_delete("default")
    _let_settle("outreach_delivery")


def _let_settle(table: str = "") -> None:
    """As a night would leave it, lest the server does so by itself in the midst of a pair."""
    from django.db import connection

    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute(f"VACUUM ANALYZE {table}" if is_postgres else "ANALYZE")


def _ratio(pairs: Pairs) -> float:
    return median(ours / bare for ours, bare in pairs)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
