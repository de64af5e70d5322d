"""How many people are in each of several groups, in a number of queries that does not grow."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import condition_of_rule, people_of, rule_of
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.registry import known_facts

_RULES_A_QUERY = 10


def count_members(groups: Iterable[ContactGroup]) -> dict[int, int | BrokenRule]:
    """People by the group's primary key, or the reason why its rule finds nobody."""
    by_tenant: dict[str, list[ContactGroup]] = {}
    for group in groups:
        by_tenant.setdefault(group.tenant, []).append(group)
    counts: dict[int, int | BrokenRule] = {}
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


def _found(groups: Sequence[ContactGroup], tenant: str) -> dict[int, int | BrokenRule]:
    known = known_facts(tenant)
    counts: dict[int, int | BrokenRule] = {}
    conditions: dict[int, Q] = {}
    for group in groups:
        try:
            conditions[group.pk] = _condition(group, known)
        except BrokenRule as broken:
            counts[group.pk] = broken
    keys = list(conditions)
    for start in range(0, len(keys), _RULES_A_QUERY):
        some = {key: conditions[key] for key in keys[start : start + _RULES_A_QUERY]}
        counts |= count_each(some, tenant=tenant)
    return counts


def _condition(group: ContactGroup, known: dict[str, Fact]) -> Q:
    return condition_of_rule(rule_of(group, known=known))


def count_each(conditions: dict[int, Q], *, tenant: str, only: Q | None = None) -> dict[int, int]:
    """How many people fit each filter, in one pass over the people; `only` narrows whom."""
    people = people_of(tenant)
    totals = (people.filter(only) if only else people).aggregate(
        **{f"fit_{key}": Count("pk", filter=condition) for key, condition in conditions.items()}
    )
    return {key: totals[f"fit_{key}"] for key in conditions}
