"""Make, change and delete groups, each with its history."""

from collections.abc import Iterable

from django.db import transaction

from outreach.groups.compile import rule_of
from outreach.groups.models import ContactGroup
from outreach.groups.sentence import sentence
from outreach.history.actor import Actor
from outreach.history.record import record, record_each


def save_group(group: ContactGroup, *, by: Actor) -> None:
    """Write a group. Raises ValidationError where its rule is none."""
    is_new = group._state.adding
    if is_new:
        group.created_by = by.name
    note = ""
    with transaction.atomic():
        group.save()
        if group.kind == ContactGroup.Kind.RULE:
            note = sentence(rule_of(group))
        record(group, "group.made" if is_new else "group.changed", by=by, note=note)


def delete_groups(groups: Iterable[ContactGroup], *, by: Actor) -> None:
    """Delete groups that no campaign names. Raises ProtectedError."""
    with transaction.atomic():
        held = list(groups)
        names = ", ".join(group.name for group in held)
        record_each(held, "group.deleted", by=by, note=names)
        ContactGroup.objects.filter(pk__in=[group.pk for group in held]).delete()
