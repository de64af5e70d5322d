from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from outreach.conf import conf
from outreach.eligibility.rule import ADDRESS, At, Question, Rule
from outreach.ledger.models import Delivery


def excludes(question: Question) -> Q:
    if question.passes_cap:
        return Q(pk__in=[])
    counted = Delivery.objects.filter(cap_on__range=question.cap_window)
    if question.run_id:
        counted = counted.exclude(run=question.run_id)
    at_address = question.is_at(counted, At.FIRST)
    if conf().cap_messages > 1:
        at_address = Q(Exists(_enough(counted.filter(address=OuterRef(ADDRESS)), "address")))
    return question.has(_enough(counted, "recipient")) | at_address


def _enough(counted: QuerySet[Delivery], by: str) -> QuerySet[Any]:
    """Those of one person, or one address, where they are as many as the house allows."""
    if conf().cap_messages == 1:
        return counted
    grouped: QuerySet[Any] = counted.values(by).annotate(messages=Count("pk"))
    return grouped.filter(messages__gte=conf().cap_messages)


RULE = Rule(
    code="capped",
    sentence=_("has or had another message this week"),
    plural=_("have or had another message this week"),
    mend=_("Send a week after their last message, or leave them out of the other campaign."),
    binds_routine=False,
    excludes=excludes,
)
