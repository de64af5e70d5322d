from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.ignored import at_least, ignored
from outreach.eligibility.rule import Question, Rule


def excludes(question: Question) -> Q:
    """Whoever let enough messages pass, was asked whether to go on, and gave no sign since (D3).

    The one that asks may have been fewer than enough ago: a topic can get a greater number later.
    """
    return question.has(at_least(question.silent_after, ignored(question)).filter(asked__gt=0))


RULE = Rule(
    code="silent",
    sentence=_("did not react to this topic, and was asked whether to go on"),
    plural=_("did not react to this topic, and were asked whether to go on"),
    mend=_("Nothing: any answer, order or choice of theirs begins it again."),
    binds_routine=False,
    excludes=excludes,
)
