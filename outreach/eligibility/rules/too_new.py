from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.recipients.stages import below


def excludes(question: Question) -> Q:
    """Whom we know less well than the topic asks (A4)."""
    return Q(stage__in=below(question.least_stage))


RULE = Rule(
    code="too_new",
    sentence=_("does not know us well enough yet for this topic"),
    plural=_("do not know us well enough yet for this topic"),
    mend=_("Wait: they come closer by answering, by visiting or by ordering."),
    binds_routine=False,
    excludes=excludes,
)
