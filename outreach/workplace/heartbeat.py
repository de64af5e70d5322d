"""Each part of the periodic work notes when it begins and ends, so that people see who is late."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, transaction
from django.utils import timezone

from outreach.ledger.models import Run
from outreach.periodic import PERIODIC, Periodic
from outreach.workplace.models import Heartbeat

logger = logging.getLogger("outreach")
SHORTEST = timedelta(minutes=10)
"""A part is not called late before, however often it runs."""


@dataclass(frozen=True, slots=True)
class Late:
    """A part that has not ended well for too long; `last_at` is None where it never has."""

    name: str
    last_at: datetime | None
    error: str


@contextmanager
def beat(name: str) -> Iterator[None]:
    """Note that the part `name` begins, and how it ends. What cannot be noted stops nothing."""
    _note(name, begun_at=timezone.now())
    try:
        yield
    except Exception as error:
        _note(name, error=type(error).__name__[:100])
        raise
    _note(name, finished_at=timezone.now(), error="")


def late_parts() -> list[Late]:
    """The parts that are late, in their order. Raises nothing and is empty where none ever ran."""
    known = {row.name: row for row in Heartbeat.objects.all()}
    now = timezone.now()
    return [
        Late(part.name, row.finished_at, row.error)
        for part in PERIODIC
        if (row := known.get(part.name))
        if now - (row.finished_at or row.expected_since) > allowed(part)
    ]


def allowed(part: Periodic) -> timedelta:
    """How long after its last good end a part is late: three times its interval, or 10 minutes."""
    return max(3 * part.every, SHORTEST)


def has_ever_run() -> bool:
    return Heartbeat.objects.exists()


def is_awaited() -> bool:
    """Whether something is there that only the periodic work can have ended, or should have."""
    return Run.objects.filter(started_at__lt=timezone.now() - SHORTEST).exists()


def _note(name: str, **values: Any) -> None:
    try:
        with transaction.atomic():
            if not Heartbeat.objects.filter(name=name).update(**values):
                _expect_all()
                Heartbeat.objects.filter(name=name).update(**values)
    except Error as error:
        logger.warning("The heartbeat of %s could not be noted: %s", name, type(error).__name__)


def _expect_all() -> None:
    """From the first part that runs, all others are expected too."""
    parts = [Heartbeat(name=part.name) for part in PERIODIC]
    Heartbeat.objects.bulk_create(parts, ignore_conflicts=True)
