from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.models import Subscription


def excludes(question: Question) -> Q:
    granted = question.of_person(
        Subscription.objects.filter(
            topic=question.topic_id, channel=question.channel, is_granted=True
        )
    )
    return Q(~Exists(granted))


RULE = Rule(
    code="no_consent",
    sentence=_("has not asked to hear about this"),
    plural=_("have not asked to hear about this"),
    mend=_("Record their interest when they tell you of it, with where and when."),
    binds_routine=False,
    excludes=excludes,
)
