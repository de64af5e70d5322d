"""From a group or a rule to the people it finds, as a condition of one query that is not yet run.

A condition, and no list of keys to be compared with: of those a database makes one for each "or"
and each "none of", and what does not fit into its memory is gone through for every person.
"""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.groups.rule import Condition, Match, Rule, validate
from outreach.recipients.models import Recipient
from outreach.tenancy import current_tenant


def people_by(rule: Rule, *, tenant: str | None = None) -> QuerySet[Recipient]:
    """Everybody, not erased, whom the rule finds. Raises BrokenRule."""
    tenant = current_tenant() if tenant is None else tenant
    return people_of(tenant).filter(condition_of(rule))


def people_of(tenant: str) -> QuerySet[Recipient]:
    """Whom a group of this tenant may hold at all."""
    return Recipient.objects.filter(tenant=tenant, erased_at__isnull=True)


def is_member(group: ContactGroup, *, known: Mapping[str, Fact] | None = None) -> Q:
    """A filter on Recipient: picked by hand or found by the rule, and not said to be wrong (D4).

    Raises BrokenRule; `known` saves reading the facts again.
    """
    is_rule = group.kind == ContactGroup.Kind.RULE
    belongs = condition_of(rule_of(group, known=known)) if is_rule else is_picked(group)
    return Q(tenant=group.tenant) & belongs & ~is_excluded(group)


def is_picked(group: ContactGroup) -> Q:
    """A filter on Recipient for the hand-picked members of a group."""
    return Q(Exists(Membership.objects.filter(group=group, recipient=OuterRef("pk"))))


def is_excluded(group: ContactGroup) -> Q:
    """A filter on Recipient for the people who said that they do not belong in a group."""
    return Q(Exists(GroupExclusion.objects.filter(group=group, recipient=OuterRef("pk"))))


def condition_of(part: Condition | Rule) -> Q:
    """A condition or a whole rule as a filter on Recipient.

    An opposite, and "none of", are the exact complement of what they deny.
    """
    if isinstance(part, Rule):
        return _condition_of_rule(part)
    lookup = part.lookup
    asked = part.fact.condition(lookup.opposite_of or lookup.code, part.value)
    return ~asked if lookup.opposite_of else asked


def _condition_of_rule(rule: Rule) -> Q:
    combine = and_ if rule.match == Match.ALL else or_
    combined = reduce(combine, [condition_of(part) for part in rule.parts])
    return ~combined if rule.match == Match.NONE else combined


def rule_of(group: ContactGroup, *, known: Mapping[str, Fact] | None = None) -> Rule:
    """The stored rule of a group. Raises BrokenRule where it no longer fits what there is."""
    try:
        return validate(group.rule, known=known, tenant=group.tenant)
    except ValidationError as error:
        raise BrokenRule(
            _("The rule of “%(group)s” is broken. %(error)s Mend it before using the group.")
            % {"group": group.name, "error": " ".join(error.messages)}
        ) from error
