import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from outreach.periodic import PERIODIC, Periodic

logger = logging.getLogger("outreach")


class Command(BaseCommand):
    help = "Do all periodic work once, as from cron; with --loop, each part when it is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until stopped.")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        if not loop:
            for periodic in PERIODIC:
                self._run(periodic)
            return
        due = dict.fromkeys(PERIODIC, 0.0)
        while True:
            for periodic, at in due.items():
                if time.monotonic() >= at:
                    self._run(periodic)
                    due[periodic] = time.monotonic() + periodic.every.total_seconds()
            time.sleep(max(0.0, min(due.values()) - time.monotonic()))

    def _run(self, periodic: Periodic) -> None:
        """One part that fails must not keep the others from running."""
        try:
            done = periodic.run()
        except Exception:
            logger.exception("The periodic work %r failed.", periodic.name)
            self.stderr.write(f"{periodic.name}: failed, see the log")
        else:
            self.stdout.write(f"{periodic.name}: {done}")
