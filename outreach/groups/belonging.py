"""Which groups one person is in."""

from collections.abc import Mapping
from itertools import islice

from django.db.models import BigIntegerField, QuerySet, Value

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_by, rule_of
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.recipients.models import Recipient

RULES_A_QUERY = 50
MOST_GROUPS = 200


def groups_by_rule(recipient: Recipient) -> list[ContactGroup]:
    """The groups whose rule finds this person, those with a broken rule apart."""
    rules = ContactGroup.objects.filter(tenant=recipient.tenant, kind=ContactGroup.Kind.RULE)
    groups = {group.pk: group for group in rules.order_by("name")[:MOST_GROUPS]}
    known = known_facts(recipient.tenant)
    questions = (_asking_if_in(group, recipient, known) for group in groups.values())
    asked = (question for question in questions if question is not None)
    found: set[int] = set()
    while some := list(islice(asked, RULES_A_QUERY)):
        found |= set(some[0].union(*some[1:]).order_by())
    return [group for key, group in groups.items() if key in found]


def _asking_if_in(
    group: ContactGroup, recipient: Recipient, known: Mapping[str, Fact]
) -> "QuerySet[Recipient, int] | None":
    """A query for the group's key where the person is in it; None where its rule is broken."""
    try:
        people = people_by(rule_of(group, known=known), tenant=group.tenant)
    except BrokenRule:
        return None
    key = Value(group.pk, output_field=BigIntegerField())
    member = people.filter(pk=recipient.pk).order_by()
    return member.annotate(group_key=key).values_list("group_key", flat=True)
