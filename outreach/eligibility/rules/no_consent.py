from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.wanted import wanted


def excludes(question: Question) -> Q:
    """Without a wish, or with one whose time is over at the instant of asking."""
    wishes = wanted(question.at).filter(topic=question.topic_id, channel=question.channel)
    return ~question.has(wishes)


RULE = Rule(
    code="no_consent",
    sentence=_("has not asked to hear about this"),
    plural=_("have not asked to hear about this"),
    mend=_("Record their interest when they tell you of it, with where and when."),
    binds_routine=False,
    excludes=excludes,
)
