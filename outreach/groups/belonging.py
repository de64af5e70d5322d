"""Which groups one person is in, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import BigIntegerField, QuerySet, Value

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_in, rule_of
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.groups.registry import known_facts
from outreach.groups.rule import Rule
from outreach.groups.sentence import sentence
from outreach.recipients.models import Recipient

RULES_A_QUERY = 50
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Belonging:
    """One group a person is in: by its rule in words, or picked by hand `since`, for a `reason`."""

    group: ContactGroup
    sentence: str = ""
    since: datetime | None = None
    reason: str = ""


def groups_of(recipient: Recipient) -> list[Belonging]:
    """Every group the person is in now, by name, those with a broken rule apart.

    In the active language. The number of queries grows with the rules there are, by one for each
    RULES_A_QUERY of them, and with nothing else.
    """
    if recipient.erased_at:
        return []
    said_no = GroupExclusion.objects.filter(recipient=recipient)
    picked = Membership.objects.filter(recipient=recipient).exclude(
        group__in=said_no.values("group")
    )
    by_hand = [
        Belonging(row.group, since=row.added_at, reason=row.reason)
        for row in picked.select_related("group")
    ]
    by_rule = [Belonging(group, sentence=sentence(rule)) for group, rule in _found(recipient)]
    return sorted([*by_hand, *by_rule], key=lambda each: each.group.name)


def groups_by_rule(recipient: Recipient) -> list[ContactGroup]:
    """The first MOST_GROUPS groups whose rule finds this person, those with a broken rule apart."""
    return [group for group, _rule in _found(recipient, most=MOST_GROUPS)]


def _found(recipient: Recipient, *, most: int | None = None) -> list[tuple[ContactGroup, Rule]]:
    groups = ContactGroup.objects.filter(tenant=recipient.tenant, kind=ContactGroup.Kind.RULE)
    rules = dict(_readable(groups.order_by("name")[:most], known_facts(recipient.tenant)))
    asked = (_asking_if_in(group, rule, recipient) for group, rule in rules.items())
    found: set[int] = set()
    while some := list(islice(asked, RULES_A_QUERY)):
        found |= set(some[0].union(*some[1:]).order_by())
    return [(group, rule) for group, rule in rules.items() if group.pk in found]


def _readable(
    groups: Iterable[ContactGroup], known: Mapping[str, Fact]
) -> Iterable[tuple[ContactGroup, Rule]]:
    for group in groups:
        try:
            yield group, rule_of(group, known=known)
        except BrokenRule:
            continue


def _asking_if_in(
    group: ContactGroup, rule: Rule, recipient: Recipient
) -> "QuerySet[Recipient, int]":
    """A query for the group's key where the person is in it."""
    key = Value(group.pk, output_field=BigIntegerField())
    member = people_in(group, rule).filter(pk=recipient.pk).order_by()
    return member.annotate(group_key=key).values_list("group_key", flat=True)
