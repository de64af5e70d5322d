"""Everything periodic, listed once: run by Celery beat, or by `manage.py outreach_tick`."""

import contextlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.module_loading import import_string

from outreach.tenancy import tenancy

logger = logging.getLogger("outreach")
HEARTBEAT = "outreach.workplace.heartbeat.beat"
"""By its path, as the parts are: this module is below them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """A function without arguments that returns how much it did, and how often it runs."""

    name: str
    path: str
    every: timedelta

    @property
    def task(self) -> str:
        return f"outreach.{self.name}"

    def run(self) -> int:
        """Run it for each tenant; what fails for one is raised once the others had their turn."""
        function: Callable[[], int] = import_string(self.path)
        beat: Callable[[str], AbstractContextManager[None]] = import_string(HEARTBEAT)
        done, failures = 0, []
        with beat(self.name):
            for tenant in list(tenancy().all()):
                try:
                    with tenancy().activate(tenant):
                        done += function()
                except Exception as error:
                    failures.append(error)
                    logger.error("%s failed%s", self.name, f" for {tenant}" if tenant else "")
            if failures:
                raise failures[0]
        return done


PERIODIC = (
    Periodic(name="dispatch", path="outreach.dispatch.send.sweep", every=timedelta(seconds=10)),
    Periodic(name="tracking", path="outreach.tracking.apply.sweep", every=timedelta(seconds=30)),
    Periodic(name="inbound", path="outreach.conversations.take.sweep", every=timedelta(seconds=15)),
    Periodic(
        name="data_links", path="outreach.centre.send_links.sweep", every=timedelta(seconds=10)
    ),
    Periodic(name="clocks", path="outreach.sla.clock.sweep", every=timedelta(seconds=15)),
    Periodic(name="audiences", path="outreach.audiences.freeze.sweep", every=timedelta(seconds=15)),
    Periodic(
        name="approvals", path="outreach.approvals.void.void_stale", every=timedelta(minutes=1)
    ),
    Periodic(
        name="declarations",
        path="outreach.preferences.declare.sweep",
        every=timedelta(seconds=30),
    ),
    Periodic(name="stages", path="outreach.recipients.stages.sweep", every=timedelta(hours=6)),
    Periodic(name="sign_ups", path="outreach.signups.mails.sweep", every=timedelta(seconds=10)),
    Periodic(name="forgetting", path="outreach.signups.expire.sweep", every=timedelta(minutes=10)),
    Periodic(name="lapses", path="outreach.preferences.lapse.sweep", every=timedelta(minutes=5)),
    Periodic(name="renewals", path="outreach.preferences.renewal.sweep", every=timedelta(hours=1)),
    Periodic(
        name="renewal_letters",
        path="outreach.centre.send_renewals.sweep",
        every=timedelta(minutes=5),
    ),
    Periodic(name="contacts", path="outreach.recipients.sync.sweep", every=timedelta(hours=1)),
)
BY_NAME = {periodic.name: periodic for periodic in PERIODIC}


def celery_schedule() -> dict[str, dict[str, Any]]:
    """The list in the form of Celery's `beat_schedule`."""
    return {
        periodic.task: {
            "task": periodic.task,
            "schedule": periodic.every.total_seconds(),
            # A call that waited longer has been overtaken by the next one.
            "options": {"expires": periodic.every.total_seconds()},
        }
        for periodic in PERIODIC
    }


def wake(name: str) -> None:
    """Ask a worker to run one of these now. Without Celery, or a broker, the next tick does."""
    with contextlib.suppress(ImportError):
        from celery import current_app

        try:
            current_app.send_task(BY_NAME[name].task, retry=False)
        except Exception as error:
            logger.warning("No worker could be woken for %s: %s", name, type(error).__name__)
