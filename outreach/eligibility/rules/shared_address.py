from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import ADDRESS, Question, Rule
from outreach.ledger.models import Delivery


def excludes(question: Question) -> Q:
    """Asked for a run only: whether somebody else gets this very message at the address."""
    if question.run_id is None:
        return Q(pk__in=[])
    taken = Delivery.objects.filter(run=question.run_id, address_slot=OuterRef(ADDRESS))
    return Q(Exists(taken.exclude(recipient=OuterRef("pk"))))


RULE = Rule(
    code="shared_address",
    sentence=_("shares an address that gets this message already"),
    plural=_("share an address that gets this message already"),
    mend=_("Give each person an address of their own in the CRM."),
    binds_routine=True,
    excludes=excludes,
)
