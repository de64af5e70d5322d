from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import ADDRESS, Question, Rule


def excludes(question: Question) -> Q:
    return Q(**{f"{ADDRESS}__isnull": True})


RULE = Rule(
    code="no_address",
    sentence=_("has no address that we can write to"),
    plural=_("have no address that we can write to"),
    mend=_("Add or correct the address in the CRM."),
    binds_routine=True,
    excludes=excludes,
)
