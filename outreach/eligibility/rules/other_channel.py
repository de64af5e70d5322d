from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.models import Subscription


def excludes(question: Question) -> Q:
    """Asked for the topic, though not on this channel (C3)."""
    wanted = question.of_person(
        Subscription.objects.filter(topic=question.topic_id, is_granted=True)
    )
    return Q(Exists(wanted.exclude(channel=question.channel))) & ~Q(
        Exists(wanted.filter(channel=question.channel))
    )


RULE = Rule(
    code="other_channel",
    sentence=_("asked to hear about this on another channel"),
    plural=_("asked to hear about this on another channel"),
    mend=_("Write to them there, or ask them for this channel as well."),
    binds_routine=False,
    excludes=excludes,
)
