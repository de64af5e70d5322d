from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule
from outreach.preferences.models import Pause


def excludes(question: Question) -> Q:
    return Q(
        Exists(
            Pause.objects.filter(
                recipient=OuterRef("pk"), starts_at__lte=question.at, ends_at__gt=question.at
            )
        )
    )


RULE = Rule(
    code="paused",
    sentence=_("is taking a break from us"),
    plural=_("are taking a break from us"),
    mend=_("Wait: the break ends by itself."),
    binds_routine=False,
    excludes=excludes,
)
