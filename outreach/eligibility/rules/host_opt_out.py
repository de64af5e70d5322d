from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import At, Question, Rule
from outreach.recipients.models import ContactLink


def excludes(question: Question) -> Q:
    """The CRM's own mark on this person, or on whoever else has the address.

    A contact that was marked and is gone may have been merged into this one: then its mark binds
    by any address that both have, not only by the one we would write to.
    """
    marked = ContactLink.objects.filter(is_opted_out=True)
    gone = marked.filter(gone_at__isnull=False)
    return (
        question.has(marked)
        | question.shares_address(marked, At.FIRST)
        | question.shares_address(gone)
    )


RULE = Rule(
    code="host_opt_out",
    sentence=_("is marked in the CRM as not to be contacted"),
    plural=_("are marked in the CRM as not to be contacted"),
    mend=_("Ask them; if they agree, take the mark away in the CRM."),
    binds_routine=False,
    excludes=excludes,
)
