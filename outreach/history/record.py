from collections.abc import Iterable

from django.db import models

from outreach.history.actor import Actor
from outreach.history.models import HistoryEntry
from outreach.tenancy import current_tenant


def record(subject: models.Model, verb: str, *, by: Actor, note: str = "") -> HistoryEntry:
    """Write what happened to a row, in the transaction of the change itself (statement 13)."""
    return HistoryEntry.objects.create(**_entry(subject, verb, by, note))


def record_each(subjects: Iterable[models.Model], verb: str, *, by: Actor, note: str = "") -> None:
    """The same for many rows at once."""
    HistoryEntry.objects.bulk_create(
        [HistoryEntry(**_entry(subject, verb, by, note)) for subject in subjects], batch_size=500
    )


def history_of(subject: models.Model) -> models.QuerySet[HistoryEntry]:
    """All that happened to a row, newest first."""
    return HistoryEntry.objects.filter(
        subject_model=subject._meta.model_name, subject_key=str(subject.pk)
    )


def _entry(subject: models.Model, verb: str, by: Actor, note: str) -> dict[str, str]:
    return {
        "tenant": getattr(subject, "tenant", current_tenant()),
        "actor_key": by.key,
        "actor_name": by.name,
        "subject_model": subject._meta.model_name or "",
        "subject_key": str(subject.pk),
        "verb": verb,
        "note": note,
    }
