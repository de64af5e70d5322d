from collections.abc import Sequence
from typing import Any

from django.db.models import CASCADE, PROTECT, ForeignKey, ManyToOneRel, QuerySet

from outreach.groups.models import ContactGroup

SHOWN = 20


def what_goes(
    groups: Sequence[ContactGroup],
) -> tuple[list[str], dict[str, int], set[str], list[str]]:
    """For the admin's question before deleting: what goes, how much, and what stands against it.

    The admin's own way lists each member, of whom there may be a hundred thousand.
    """
    counts = {str(ContactGroup._meta.verbose_name_plural): len(groups)}
    protected: list[str] = []
    for relation in ContactGroup._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        model = relation.related_model
        rows = model._base_manager.filter(**{f"{relation.field.name}__in": groups})
        if relation.on_delete is CASCADE:
            counts[str(model._meta.verbose_name_plural)] = rows.count()
        elif relation.on_delete is PROTECT:
            protected += _users(relation, rows)
    return [str(group) for group in groups], counts, set(), protected


def _users(relation: ManyToOneRel, rows: "QuerySet[Any]") -> list[str]:
    """What names the groups: "campaign: Tasting in May" for a row between the two."""
    others = [
        field
        for field in relation.related_model._meta.fields
        if isinstance(field, ForeignKey) and field != relation.field
    ]
    names = [field.name for field in others]
    return [
        ", ".join(f"{field.verbose_name}: {getattr(row, field.name)}" for field in others)
        or str(row)
        for row in rows.select_related(*names)[:SHOWN]
    ]
