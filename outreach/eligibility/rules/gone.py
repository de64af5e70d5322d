from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.passed_on import links_of_the_gone


def excludes(question: Question) -> Q:
    """Whoever came from the CRM and is in it no more; a sign-up by itself has no link at all."""
    return question.is_among(links_of_the_gone(), "recipient")


RULE = Rule(
    code="gone",
    sentence=_("is no longer in the CRM"),
    plural=_("are no longer in the CRM"),
    mend=_("Nothing, or enter them in the CRM again."),
    binds_routine=False,
    excludes=excludes,
)
