"""A real worker in a process of its own, on a queue that nobody else listens to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from celery import Celery
from django.db import connection
from kombu import Connection, Queue

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN = 20


@dataclass(frozen=True, slots=True)
class Worker:
    """`log` is all it said; `call` asks it for a task."""

    process: "subprocess.Popen[bytes]"
    log: Path
    broker: Connection
    queue: str

    def call(self, task: str) -> None:
        # Named here, since the environment of the tests names a broker in memory.
        Celery(set_as_current=False).send_task(
            task, queue=self.queue, connection=self.broker, retry=False
        )

    def wait(self, is_done: Callable[[], bool], *, seconds: float) -> None:
        """Returns as soon as it is done; fails with the worker's log when it dies or is late."""
        until = time.monotonic() + seconds
        while not is_done():
            assert self.process.poll() is None, f"The worker ended:\n{self.log.read_text()}"
            assert time.monotonic() < until, f"Not done in time:\n{self.log.read_text()}"
            time.sleep(0.1)

    def is_ready(self) -> bool:
        return b" ready." in self.log.read_bytes()


def database_url() -> str:
    """The test database, for another process. Only a server's can be shared."""
    settings = connection.settings_dict
    user = quote(settings["USER"])
    password = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    place = f"{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{user}{password}@{place}/{settings['NAME']}"


@contextmanager
def running_worker(broker_url: str, directory: Path, **environment: str) -> Iterator[Worker]:
    log = directory / "worker.log"
    queue = f"outreach-test-{uuid4().hex[:12]}"
    command = [sys.executable, "-m", "celery", "-A", "project", "worker"]
    options = ["-Q", queue, "-n", f"{queue}@%h", "-c", "1", "-l", "INFO"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options, *quiet],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "project.settings",
                "CELERY_BROKER_URL": broker_url,
                "DATABASE_URL": database_url(),
                "DEMO_DATA": str(directory),
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its children can be ended with it
        )
    with Connection(broker_url) as broker:
        try:
            yield Worker(process, log, broker, queue)
        finally:
            _end(process)
            Queue(queue)(broker.default_channel).delete()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(ENDS_WITHIN)
