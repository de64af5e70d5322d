"""Which groups one person is in, and which not."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import BigIntegerField, QuerySet, Value

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.recipients.models import Recipient

GROUPS_A_QUERY = 50
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person is in a group; a group with a broken rule says neither."""

    group: ContactGroup
    is_in: bool
    is_broken: bool = False


def groups_by_rule(recipient: Recipient) -> list[ContactGroup]:
    """The groups whose rule finds this person, those with a broken rule apart."""
    rules = ContactGroup.objects.filter(tenant=recipient.tenant, kind=ContactGroup.Kind.RULE)
    standings = standings_in(recipient, rules.order_by("name")[:MOST_GROUPS])
    return [standing.group for standing in standings if standing.is_in]


def standings_in(recipient: Recipient, groups: Iterable[ContactGroup]) -> list[Standing]:
    """How a person stands to each of these groups, many groups a query."""
    asked: dict[int, QuerySet[Recipient, int] | None] = {}
    listed = list(groups)
    known = known_facts(recipient.tenant)
    for group in listed:
        try:
            asked[group.pk] = _asking_if_in(members_of(group, known=known), group, recipient)
        except BrokenRule:
            asked[group.pk] = None
    found: set[int] = set()
    questions = (question for question in asked.values() if question is not None)
    while some := list(islice(questions, GROUPS_A_QUERY)):
        found |= set(some[0].union(*some[1:]).order_by())
    return [Standing(each, each.pk in found, asked[each.pk] is None) for each in listed]


def _asking_if_in(
    people: QuerySet[Recipient], group: ContactGroup, recipient: Recipient
) -> "QuerySet[Recipient, int]":
    """A query for the group's key where the person is in it."""
    key = Value(group.pk, output_field=BigIntegerField())
    member = people.filter(pk=recipient.pk).order_by()
    return member.annotate(group_key=key).values_list("group_key", flat=True)
