"""From a rule to the people it finds, as one query over our own tables that is not yet run."""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.facts import Fact
from outreach.groups.models import ContactGroup
from outreach.groups.rule import Condition, Match, Rule, validate
from outreach.recipients.models import Recipient
from outreach.tenancy import current_tenant


def people_by(rule: Rule, *, tenant: str | None = None) -> QuerySet[Recipient]:
    """Everybody, not erased, whom the rule finds. Raises BrokenRule."""
    tenant = current_tenant() if tenant is None else tenant
    return people_of(tenant).filter(condition_of_rule(rule))


def people_of(tenant: str) -> QuerySet[Recipient]:
    """Whom a group of this tenant may hold at all."""
    return Recipient.objects.filter(tenant=tenant, erased_at__isnull=True)


def condition_of_rule(rule: Rule) -> Q:
    """The rule as a filter on Recipient."""
    combine = and_ if rule.match == Match.ALL else or_
    return reduce(combine, [condition_of(condition) for condition in rule.conditions])


def condition_of(condition: Condition) -> Q:
    """One condition as a filter on Recipient; an opposite is the exact complement."""
    lookup = condition.lookup
    asked = condition.fact.condition(lookup.opposite_of or lookup.code, condition.value)
    return ~asked if lookup.opposite_of else asked


def rule_of(group: ContactGroup, *, known: Mapping[str, Fact] | None = None) -> Rule:
    """The stored rule of a group. Raises BrokenRule where it no longer fits what there is."""
    try:
        return validate(group.rule, known=known, tenant=group.tenant)
    except ValidationError as error:
        raise BrokenRule(
            _("The rule of “%(group)s” is broken. %(error)s Mend it before using the group.")
            % {"group": group.name, "error": " ".join(error.messages)}
        ) from error
