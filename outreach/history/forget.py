from collections.abc import Iterable

from django.db.models import Model

from outreach.history.models import HistoryEntry


def forget_notes(model: type[Model], keys: Iterable[object]) -> None:
    """Empty what was noted beside the history of these rows: who did what when stays.

    For an erasure, and nothing else: the history is otherwise only ever added to.
    """
    HistoryEntry.objects.filter(
        subject_model=model._meta.model_name, subject_key__in=[str(key) for key in keys]
    ).exclude(note="").update(note="")
