from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.eligibility.stops import stopped_by
from outreach.preferences.models import Suppression

BINDING = (
    Suppression.Reason.HARD_BOUNCE,
    Suppression.Reason.COMPLAINT,
    Suppression.Reason.MANUAL,
    Suppression.Reason.ERASED,
    Suppression.Reason.IMPORTED,
)


def excludes(question: Question) -> Q:
    return stopped_by(question, BINDING)


RULE = Rule(
    code="suppressed",
    sentence=_("is on the stop list: mail came back, was marked as spam, or we were told"),
    plural=_("are on the stop list: mail came back, was marked as spam, or we were told"),
    mend=_("Look at the stop; lift it with a reason once the cause is gone."),
    binds_routine=True,
    excludes=excludes,
)
