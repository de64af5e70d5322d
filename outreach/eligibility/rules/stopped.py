from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.eligibility.stops import stopped_by
from outreach.preferences.models import Suppression


def excludes(question: Question) -> Q:
    return stopped_by(question, [Suppression.Reason.UNSUBSCRIBED])


RULE = Rule(
    code="stopped",
    sentence=_("asked us to stop all messages"),
    plural=_("asked us to stop all messages"),
    mend=_("Nothing: they can come back on their preference page."),
    binds_routine=False,
    excludes=excludes,
)
