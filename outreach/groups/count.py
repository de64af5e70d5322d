"""How many people are in each of several groups, in a number of queries that does not grow."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, F, Func, IntegerField, QuerySet, Value

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_of
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.registry import known_facts
from outreach.recipients.models import Recipient

COUNTED_UP_TO = 50_000
"""Among more people than this a list of rules is not counted: 25 of them would take seconds."""

# More in one query makes PostgreSQL compile it, which takes longer than to run it.
_A_QUERY = 10

Counts = dict[int, int | BrokenRule]


def count_members(groups: Iterable[ContactGroup]) -> Counts:
    """People by the group's primary key, or the reason why its rule finds nobody.

    A group by rule is missing where there are more than COUNTED_UP_TO people.
    """
    by_tenant: dict[str, list[ContactGroup]] = {}
    for group in groups:
        by_tenant.setdefault(group.tenant, []).append(group)
    counts: Counts = {}
    for tenant, held in by_tenant.items():
        counts |= _picked([group for group in held if group.kind == ContactGroup.Kind.HAND])
        by_rule = [group for group in held if group.kind == ContactGroup.Kind.RULE]
        counts |= _found(by_rule, tenant) if by_rule else {}
    return counts


def _picked(groups: Sequence[ContactGroup]) -> dict[int, int]:
    rows = (
        Membership.objects.filter(group__in=groups, recipient__erased_at__isnull=True)
        .values("group")
        .annotate(people=Count("pk"))
    )
    held = {row["group"]: row["people"] for row in rows}
    return {group.pk: held.get(group.pk, 0) for group in groups}


def _found(groups: Sequence[ContactGroup], tenant: str) -> Counts:
    known = known_facts(tenant)
    counts: Counts = {}
    found: dict[int, QuerySet[Recipient]] = {}
    for group in groups:
        try:
            found[group.pk] = members_of(group, known=known)
        except BrokenRule as broken:
            counts[group.pk] = broken
    too_many = people_of(tenant).order_by("pk")[COUNTED_UP_TO : COUNTED_UP_TO + 1]
    if not found or too_many.exists():
        return counts
    keys_of_all = list(found)
    for start in range(0, len(found), _A_QUERY):
        keys = keys_of_all[start : start + _A_QUERY]
        counts |= dict.fromkeys(keys, 0) | _count_each({key: found[key] for key in keys})
    return counts


def _count_each(found: dict[int, QuerySet[Recipient]]) -> dict[int, int]:
    """One query over all. Counting by filters in one pass took three times as long."""
    # A plain function: an aggregate would group by the key, and leave out who finds nobody.
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    first, *others = (
        people.order_by()
        .annotate(group_key=Value(key), people_count=count)
        .values_list("group_key", "people_count")
        for key, people in found.items()
    )
    # The order is the table's own again from Django 6.1 on, and counts have no such column.
    return dict(first.union(*others, all=True).order_by())
