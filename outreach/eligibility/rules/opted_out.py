from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import At, Question, Rule
from outreach.preferences.models import Objection
from outreach.preferences.passed_on import refusals_left
from outreach.preferences.wanted import refused


def excludes(question: Question) -> Q:
    own = refused().filter(topic=question.topic_id, channel=question.channel)
    objected = Objection.objects.filter(topic=question.topic_id)
    passed_on = question.at_addresses_asked_about(refusals_left().filter(topic=question.topic_id))
    return (
        question.has(own)
        | question.is_at(objected, At.FIRST)
        | question.is_at(passed_on, At.CHANNEL)
    )


RULE = Rule(
    code="opted_out",
    sentence=_("no longer wants to hear about this"),
    plural=_("no longer want to hear about this"),
    mend=_("Nothing: they can change it on their preference page."),
    binds_routine=False,
    excludes=excludes,
)
