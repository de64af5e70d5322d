from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.wanted import wanted
from outreach.recipients.models import Channel


def excludes(question: Question) -> Q:
    """Asked for the topic, though not on this channel (C3); a wish that is over counts nowhere."""
    wishes = wanted(question.at).filter(topic=question.topic_id)
    here = wishes.filter(recipient=OuterRef("recipient"), channel=question.channel)
    elsewhere = wishes.filter(channel__in=[each for each in Channel if each != question.channel])
    return question.has(elsewhere.filter(~Exists(here)))


RULE = Rule(
    code="other_channel",
    sentence=_("asked to hear about this on another channel"),
    plural=_("asked to hear about this on another channel"),
    mend=_("Write to them there, or ask them for this channel as well."),
    binds_routine=False,
    excludes=excludes,
)
