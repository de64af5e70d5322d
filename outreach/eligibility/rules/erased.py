from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outreach.eligibility.rule import Question, Rule


def excludes(question: Question) -> Q:
    return Q(erased_at__isnull=False)


RULE = Rule(
    code="erased",
    sentence=_("asked us to erase their data"),
    plural=_("asked us to erase their data"),
    mend=_("Nothing: they would have to come to us again by themselves."),
    binds_routine=True,
    excludes=excludes,
)
