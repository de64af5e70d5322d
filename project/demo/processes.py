"""The demo's processes: each in a group of its own, logged to a file, and ended by its id."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

UP_WITHIN = 30.0
END_WITHIN = 8.0
CELERY = ("celery", "--app", "project.celery", "--quiet")


class Processes:
    """As a context: whatever was started inside is ended on the way out, however that is."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for process in reversed(self._running.values()):
            process.terminate()  # the leader alone: it ends its own workers in order
        deadline = time.monotonic() + END_WITHIN
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _kill_group(process)
            process.wait()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def start_all(self) -> None:
        """The provider, the site, and Celery's worker and beat."""
        self._start("mailbox", "project.mailbox", env=_mailbox_environment())
        self._start("web", "project.demo.web")
        self._start("worker", *CELERY, "worker", "--concurrency=2", "--loglevel=WARNING")
        self._start(
            "beat",
            *CELERY,
            "beat",
            "--scheduler=django_celery_beat.schedulers:DatabaseScheduler",
            "--max-interval=2",
            "--loglevel=WARNING",
        )

    def wait_until_up(self) -> None:
        """Raises SystemExit with the log's name when something does not answer in time."""
        from django.conf import settings

        for name, port in (("web", settings.PORT), ("mailbox", settings.MAILBOX_PORT)):
            self._wait_for(name, f"http://127.0.0.1:{port}/healthz")

    def watch(self, stopped: threading.Event) -> None:
        """Until Ctrl-C; says so and ends when one of the processes has ended by itself."""
        while not stopped.wait(1.0):
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise SystemExit(f"{name} ended by itself; see {_log_of(name)}.")

    def complaints(self) -> list[str]:
        """Where something went wrong that nobody saw: the logs with an error in them."""
        return [
            _log_of(name)
            for name in self._running
            if re.search(r"\bERROR\b|Traceback", Path(_log_of(name)).read_text(errors="replace"))
        ]

    def _start(self, name: str, module: str, *args: str, env: dict[str, str] | None = None) -> None:
        with open(_log_of(name), "wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *args],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **(env or {})},
            )

    def _wait_for(self, name: str, url: str) -> None:
        deadline = time.monotonic() + UP_WITHIN
        while time.monotonic() < deadline and self._running[name].poll() is None:
            try:
                urllib.request.urlopen(url, timeout=2).close()
                return
            except urllib.error.HTTPError as answer:
                answer.close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{name} did not start; see {_log_of(name)}.")


def _mailbox_environment() -> dict[str, str]:
    from project import settings

    hooks = (
        f"http://{settings.ANYMAIL['WEBHOOK_SECRET']}@127.0.0.1:{settings.PORT}"
        "/outreach/anymail/postmark"
    )
    return {
        "MAILBOX_PORT": str(settings.MAILBOX_PORT),
        "MAILBOX_DB": str(settings.DATA_DIR / "mailbox.sqlite3"),
        "MAILBOX_SERVER_TOKEN": settings.OUTREACH["MAILER"]["OPTIONS"]["server_token"],
        "MAILBOX_TRACKING_URL": f"{hooks}/tracking/",
        "MAILBOX_INBOUND_URL": f"{hooks}/inbound/",
        "MAILBOX_HOME_URL": settings.OUTREACH["BASE_URL"] + "/",
        "MAILBOX_TIME_ZONE": settings.TIME_ZONE,
    }


def _log_of(name: str) -> str:
    from django.conf import settings

    return str(settings.DATA_DIR / f"{name}.log")


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The process began its own session, so its id is that of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
