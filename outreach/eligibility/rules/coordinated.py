from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.ledger.models import Delivery


def excludes(question: Question) -> Q:
    """Whoever is in another of the campaigns that this one is coordinated with (B10).

    Not who is only planned in one that comes after this one: that one gives them up.
    """
    if not question.coordination_key:
        return Q(pk__in=[])
    held = Delivery.objects.filter(coordination_key=question.coordination_key).exclude(
        run=question.run_id
    )
    given_up = Q(
        state=Delivery.State.PLANNED,
        run__campaign__coordination_rank__gt=question.coordination_rank,
    )
    return question.has(held.exclude(given_up), "recipient_slot")


RULE = Rule(
    code="coordinated",
    sentence=_("gets another of the campaigns that this one is coordinated with"),
    plural=_("get another of the campaigns that this one is coordinated with"),
    mend=_("Nothing, or change the order of the coordinated campaigns."),
    binds_routine=False,
    excludes=excludes,
)
