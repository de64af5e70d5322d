"""Which groups one person is in, and which not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import BigIntegerField, QuerySet, Value

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import rule_of
from outreach.groups.facts import Fact
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.groups.registry import known_facts
from outreach.groups.sentence import sentence
from outreach.recipients.models import Recipient

GROUPS_A_QUERY = 50
MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person is in a group; a group with a broken rule says neither."""

    group: ContactGroup
    is_in: bool
    is_broken: bool = False


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
    GROUPS_A_QUERY of them, and with nothing else.
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
    known = known_facts(recipient.tenant)
    by_rule = [
        Belonging(group, sentence=sentence(rule_of(group, known=known)))
        for group in _by_rule(recipient, _rules(recipient), known)
    ]
    return sorted([*by_hand, *by_rule], key=lambda each: each.group.name)


def groups_by_rule(recipient: Recipient) -> list[ContactGroup]:
    """The first MOST_GROUPS groups whose rule finds this person, those with a broken rule apart."""
    known = known_facts(recipient.tenant)
    return _by_rule(recipient, _rules(recipient)[:MOST_GROUPS], known)


def standings_in(
    recipient: Recipient,
    groups: Iterable[ContactGroup],
    *,
    known: Mapping[str, Fact] | None = None,
) -> list[Standing]:
    """How a person stands to each of these groups, many groups a query."""
    asked: dict[int, QuerySet[Recipient, int] | None] = {}
    listed = list(groups)
    known = known_facts(recipient.tenant) if known is None else known
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


def _rules(recipient: Recipient) -> QuerySet[ContactGroup]:
    groups = ContactGroup.objects.filter(tenant=recipient.tenant, kind=ContactGroup.Kind.RULE)
    return groups.order_by("name")


def _by_rule(
    recipient: Recipient, groups: Iterable[ContactGroup], known: Mapping[str, Fact]
) -> list[ContactGroup]:
    standings = standings_in(recipient, groups, known=known)
    return [standing.group for standing in standings if standing.is_in]


def _asking_if_in(
    people: QuerySet[Recipient], group: ContactGroup, recipient: Recipient
) -> "QuerySet[Recipient, int]":
    """A query for the group's key where the person is in it."""
    key = Value(group.pk, output_field=BigIntegerField())
    member = people.filter(pk=recipient.pk).order_by()
    return member.annotate(group_key=key).values_list("group_key", flat=True)
