"""Working out an audience, against SQL that is written by hand for the same people.

    python -m benchmarks.freeze [--sizes 10000 100000 1000000] [--pairs 5] [--write]

For each database and size there is a process of its own with a database of its own: so memory is
that of a freeze of this size. Of each pair both sides meet the same tables; what they wrote is
taken away before the next. Ratios are medians of the pairs, of which there are more for few people,
since these take hundredths of a second. `--write` puts what was measured, with
the bounds, into benchmarks/latest.json. PostgreSQL is the server that DATABASE_URL or
OUTREACH_POSTGRES_URL names.
"""

import argparse
import itertools
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

SIZES = [10_000, 100_000, 1_000_000]
FEW, MORE_PAIRS = 10_000, 5
BOUND = {"postgresql": 1.3, "sqlite": 1.5}
TIMES_FOR_TEN_TIMES, AGAIN, MEGABYTES = 12, 10, 20
LATEST = Path(__file__).with_name("latest.json")
Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--databases", nargs="+", default=list(BOUND), choices=list(BOUND))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows: list[Row] = []
    for vendor in asked.databases:
        found = [_in_a_process(vendor, size, asked.pairs) for size in sorted(asked.sizes)]
        rows += rows_of(vendor, found)
        rows += _rows_of_pages(vendor)
    if asked.write:
        LATEST.write_text(json.dumps(_as_stored(rows), indent=2) + "\n", encoding="utf-8")
    return _verdict(rows)


def rows_of(vendor: str, found: list[dict[str, Any]]) -> list[Row]:
    """What was measured in one database, from the smallest size to the largest, by its bounds."""
    rows = []
    for each in found:
        size = f"{each['size']:,} people, {vendor}"
        rows.append(_row(f"freeze / by hand, {size}", each["freeze"], BOUND[vendor]))
        rows.append(_row(f"preview / by hand, {size}", each["preview"], BOUND[vendor]))
        rows.append(_row(f"ask 50 again / read them, {size}", each["again"], AGAIN))
    smallest = found[0]
    for before, each in itertools.pairwise(found):
        is_tenfold = each["size"] == 10 * before["size"]
        if is_tenfold:
            name = f"time of {each['size']:,} / of {before['size']:,} people, {vendor}"
            rows.append(_row(name, each["seconds"] / before["seconds"], TIMES_FOR_TEN_TIMES))
    if len(found) > 1:
        more = max(each["megabytes"] for each in found) - smallest["megabytes"]
        rows.append(_row(f"megabytes more than for the fewest people, {vendor}", more, MEGABYTES))
    expected = smallest["queries"], smallest["queries_a_range"]
    beyond = max(
        each["queries"] - expected[0] - expected[1] * (each["ranges"] - smallest["ranges"])
        for each in found
    )
    rows.append(_row(f"queries that come with no range, {vendor}", beyond, 0))
    return rows


def _row(name: str, value: float, bound: float) -> Row:
    return {"name": name, "value": round(value, 2), "bound": bound, "sense": "at_most"}


def _in_a_process(vendor: str, size: int, pairs: int) -> dict[str, Any]:
    pairs *= MORE_PAIRS if size <= FEW else 1
    command = [sys.executable, "-m", "benchmarks.freeze_pairs", str(size), str(pairs)]
    done = subprocess.run(
        command, env=_environment(vendor), stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{size:,} people, {vendor}:", flush=True)
    for what in ("freeze", "preview", "again"):
        shown = ", ".join(f"{ours:.3f}/{bare:.3f}" for ours, bare in found["seconds_of"][what])
        print(f"  {what}: {shown} s", flush=True)
    return found


def _environment(vendor: str) -> dict[str, str]:
    url = os.environ.get("OUTREACH_POSTGRES_URL") or os.environ.get("DATABASE_URL", "")
    return {**os.environ, "DATABASE_URL": url if vendor == "postgresql" else ""}


def _rows_of_pages(vendor: str) -> list[Row]:
    """The pages have a benchmark of their own; in a process, since Django is set up once."""
    script = "import json; from benchmarks.pages import rows; print(json.dumps(rows()))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=_environment(vendor),
        stdout=subprocess.PIPE,
        check=True,
    )
    rows: list[Row] = json.loads(done.stdout.splitlines()[-1])
    return [{**row, "value": round(row["value"], 2)} for row in rows]


def _as_stored(rows: list[Row]) -> dict[str, Any]:
    asked = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(asked, stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    machine = f"{os.cpu_count()} x {platform.machine()}, Python {platform.python_version()}"
    return {"machine": machine, "commit": commit, "rows": rows}


def _verdict(rows: list[Row]) -> int:
    is_good = True
    for row in rows:
        is_kept = row["value"] <= row["bound"]
        is_good &= is_kept
        print(
            f"{row['name']}: {row['value']} (at most {row['bound']}){'' if is_kept else ' MISSED'}"
        )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
