from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import ADDRESS, Question, Rule
from outreach.ledger.models import Delivery


def excludes(question: Question) -> Q:
    """Asked for a run only: whether somebody else gets this very message at the address.

    Looked up by the address. A run that is being frozen is unknown to the database's statistics:
    it would take it for a few rows, and go through them all for each person.
    """
    if question.run_id is None or question.is_run_empty:
        return Q(pk__in=[])
    no_index = ExpressionWrapper(F("run_id") + Value(0), output_field=BigIntegerField())
    taken = Delivery.objects.alias(of_run=no_index).filter(
        of_run=question.run_id, address=OuterRef(ADDRESS), address_slot=OuterRef(ADDRESS)
    )
    return Q(Exists(taken.exclude(recipient=OuterRef("pk"))))


RULE = Rule(
    code="shared_address",
    sentence=_("shares an address that gets this message already"),
    plural=_("share an address that gets this message already"),
    mend=_("Give each person an address of their own in the CRM."),
    binds_routine=True,
    excludes=excludes,
)
