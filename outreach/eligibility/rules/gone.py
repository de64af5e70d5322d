from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.recipients.models import ContactLink


def excludes(question: Question) -> Q:
    """Whoever came from the CRM and is in it no more; a sign-up by itself has no link at all."""
    links = question.of_person(ContactLink.objects.all())
    return Q(Exists(links)) & Q(~Exists(links.filter(gone_at__isnull=True)))


RULE = Rule(
    code="gone",
    sentence=_("is no longer in the CRM"),
    plural=_("are no longer in the CRM"),
    mend=_("Nothing, or enter them in the CRM again."),
    binds_routine=False,
    excludes=excludes,
)
