"""The preference page against a bare Django page, in one run.

    python -m benchmarks.pages [pairs]

Both are asked for by GET, through the project's WSGI handler with all its middleware, over one
connection to the database, in Italian. They take turns, so that both meet the same machine, and
which goes first changes with each pair; the ratio is that of the medians.

*The preference page* is opened by the signed link of a message, by somebody with six topics, each
on three channels, some ticked and some not, two of them less often than they come; in the two
groups of the campaign; who told us something in favour of a topic; who had twelve messages, among
those of 300 others. Nobody there was stopped or spoke against a topic: for who did, one query more
is asked for each, and those are the dearest to plan.

*The bare page* is the page that somebody writes who has nothing to decide: three queries (the
person by their public key, the topics, what they asked for), no signature, no refusals, breaks or
reasons; and a template, benchmarks/bare_page.html, which extends the same base, has the same table
of six topics with three boxes and a list each, made from those rows, and in the other sections the
same headings, sentences, buttons and fields, but nothing that would have to be asked for. It is
answered by the same middleware as ours, before sessions and logins. How long both are is printed.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.database import own_database

MOST = 1.5
NAME = f"outreach_bench_pages_{os.getpid()}"
PAIRS = 300
WARM_UP = 20
TOPICS, OTHERS, MESSAGES = 6, 300, 12


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench-page", description=__doc__)
    parser.add_argument("pairs", nargs="?", type=int, default=PAIRS)
    asked = parser.parse_args()
    found = rows(asked.pairs)
    for row in found:
        print(f"{row['name']}: {row['value']:.2f} (at most {row['bound']})")
    return 0 if all(row["value"] <= row["bound"] for row in found) else 1


def rows(pairs: int = PAIRS) -> list[dict[str, Any]]:
    """What was measured, in a database of its own, with the bound that it is held to."""
    with tempfile.TemporaryDirectory() as folder:
        drop = own_database(NAME, Path(folder))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        ratio = _measure(pairs)
        name = f"preference page / bare page, {connection.vendor}"
        connection.close()
        drop()
    return [{"name": name, "value": ratio, "bound": MOST, "sense": "at_most"}]


def _measure(pairs: int) -> float:
    import django
    from django.db import connection

    from benchmarks.page_people import fill
    from outreach.links.paths import prefix

    path, key = fill(TOPICS, OTHERS, MESSAGES)
    bare = f"{prefix()}bare/{key}"
    _add_bare_page()
    app = _application()
    for each in (path, bare) * WARM_UP:
        _get(app, each)
    ours, theirs = [], []
    for number in range(pairs):
        turns = [(path, ours), (bare, theirs)]
        for where, times in turns if number % 2 else reversed(turns):
            began = time.perf_counter()
            _get(app, where)
            times.append(time.perf_counter() - began)
    print(
        f"{connection.vendor}, Django {django.__version__}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}; medians of {pairs}:"
    )
    for name, where, times in (("preference page", path, ours), ("bare page", bare, theirs)):
        print(
            f"  {name}: {median(times) * 1000:.2f} ms, {len(_get(app, where)):,} bytes, "
            f"{_queries(app, where)} queries"
        )
    return median(ours) / median(theirs)


def _add_bare_page() -> None:
    """Among our own pages, so that it passes the same middleware."""
    from django.urls import clear_url_caches, path

    from benchmarks.bare_page import bare
    from outreach import urls

    urls.urlpatterns.append(path("bare/<uuid:key>", bare))
    clear_url_caches()


def _application() -> Any:
    from django.core import signals
    from django.core.wsgi import get_wsgi_application
    from django.db import close_old_connections, reset_queries

    # A server keeps its connection for the next request, as CONN_MAX_AGE says.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    signals.request_started.disconnect(reset_queries)
    return get_wsgi_application()


def _get(app: Any, path: str) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_LANGUAGE": "it",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    status: list[str] = []
    answer = app(environ, lambda line, _headers: status.append(line))
    body = b"".join(answer)
    answer.close()
    assert status == ["200 OK"], (path, status)
    return body


def _queries(app: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        _get(app, path)
    return len(asked)


if __name__ == "__main__":
    sys.exit(main())
