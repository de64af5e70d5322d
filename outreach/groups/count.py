"""How many people are in each of several groups, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from outreach.groups.bounded import Counted, UpToMost
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_of
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.registry import known_facts
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient

COUNTED_UP_TO = 50_000
"""Among more people than this a list of rules is not counted: 25 of them would take seconds."""

_A_QUERY = 10

Counts = dict[int, Counted | BrokenRule]


def count_members(groups: Iterable[ContactGroup]) -> Counts:
    """People by the group's primary key, or the reason why its rule finds nobody.

    A group by rule is missing where there are more than COUNTED_UP_TO people.
    """
    with asking_of_many():
        return _count(groups)


def _count(groups: Iterable[ContactGroup]) -> Counts:
    by_tenant: dict[str, list[ContactGroup]] = {}
    for group in groups:
        by_tenant.setdefault(group.tenant, []).append(group)
    counts: Counts = {}
    for tenant, held in by_tenant.items():
        counts |= _picked([group for group in held if group.kind == ContactGroup.Kind.HAND])
        by_rule = [group for group in held if group.kind == ContactGroup.Kind.RULE]
        counts |= _found(by_rule, tenant) if by_rule else {}
    return counts


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
    return counts | _count_each(found)


def _picked(groups: Sequence[ContactGroup]) -> Counts:
    return _count_each(
        {
            group.pk: Membership.objects.filter(group=group, recipient__erased_at__isnull=True)
            for group in groups
        }
    )


def _count_each(found: Mapping[int, QuerySet[Any]]) -> Counts:
    """Several counts in one query, each no further than the limit."""
    keys_of_all = list(found)
    counts: Counts = {}
    for start in range(0, len(found), _A_QUERY):
        first, *others = (
            ContactGroup.objects.filter(pk=key).order_by().values_list("pk", UpToMost(found[key]))
            for key in keys_of_all[start : start + _A_QUERY]
        )
        # The order is the table's own again from Django 6.1 on.
        rows = first.union(*others, all=True).order_by()
        counts |= {key: Counted.of(people) for key, people in rows}
    return counts
