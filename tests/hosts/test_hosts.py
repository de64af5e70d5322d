"""The scenario in each host, in a process of its own: settings and models are global."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import django
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
ONLY_ON_POSTGRES = {"row_security"}
HOSTS = [
    pytest.param(host, marks=[pytest.mark.postgres] if host in ONLY_ON_POSTGRES else [])
    for host in sorted(path.parent.name for path in Path(__file__).parent.glob("*/deeds.py"))
]


@pytest.mark.parametrize("host", HOSTS)
def test_it_fits_into_the_host_and_refusals_outlive_what_the_host_does(host: str) -> None:
    with _database() as url:
        verdict = _play(host, url)
    assert (verdict["django"], verdict["database"]) == (django.get_version(), connection.vendor)
    wrong = {step: trace for step, trace in verdict["steps"].items() if trace}
    assert not wrong, "\n".join(f"== {step}\n{trace}" for step, trace in wrong.items())


def _play(host: str, url: str) -> Any:
    result = subprocess.run(
        [sys.executable, "-m", "tests.hosts.play", host],
        cwd=ROOT,
        env={**os.environ, "HOST_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@contextmanager
def _database() -> Iterator[str]:
    """A database for one host: in memory, or made on the server and dropped again.

    There it belongs to a role that is no superuser: such a one is above row-level security.
    """
    if connection.vendor != "postgresql":
        yield "sqlite://:memory:"
        return
    import psycopg

    name = f"test_outreach_host_{uuid4().hex[:12]}"
    server = urlsplit(os.environ["DATABASE_URL"])
    place = server.netloc.rpartition("@")[2]
    with psycopg.connect(server.geturl(), autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD 'host'")
        try:
            administrator.execute(f"CREATE DATABASE {name} OWNER {name}")
            yield server._replace(netloc=f"{name}:host@{place}", path=f"/{name}").geturl()
        finally:
            administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            administrator.execute(f"DROP ROLE {name}")
