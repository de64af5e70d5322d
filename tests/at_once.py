"""Jobs in threads that begin together, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from outreach.exceptions import OutreachError


def at_once(*jobs: Callable[[], object], within: float = 60) -> list[Any]:
    """What each came to; a refusal is a result like any other, and anything else is raised."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=30)
            return job()
        except OutreachError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=within) for future in [pool.submit(run, job) for job in jobs]]
