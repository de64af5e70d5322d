from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.models import Pause


def excludes(question: Question) -> Q:
    under_way = Pause.objects.filter(starts_at__lte=question.at, ends_at__gt=question.at)
    return question.has(under_way)


RULE = Rule(
    code="paused",
    sentence=_("is taking a break from us"),
    plural=_("are taking a break from us"),
    mend=_("Wait: the break ends by itself."),
    binds_routine=False,
    excludes=excludes,
)
