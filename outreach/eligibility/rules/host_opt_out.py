from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import ADDRESS, Question, Rule
from outreach.recipients.models import ContactLink


def excludes(question: Question) -> Q:
    flagged = ContactLink.objects.filter(is_opted_out=True)
    return Q(Exists(flagged.filter(recipient=OuterRef("pk")))) | Q(
        Exists(flagged.filter(recipient__held__address=OuterRef(ADDRESS)))
    )


RULE = Rule(
    code="host_opt_out",
    sentence=_("is marked in the CRM as not to be contacted"),
    plural=_("are marked in the CRM as not to be contacted"),
    mend=_("Ask them; if they agree, take the mark away in the CRM."),
    binds_routine=False,
    excludes=excludes,
)
