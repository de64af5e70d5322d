from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from outreach.conf import conf
from outreach.eligibility.rule import Question, Rule
from outreach.ledger.models import Delivery
from outreach.recipients.models import Stage


def excludes(question: Question) -> Q:
    """Whoever lapsed gets so many messages to be won back, and then none (D3)."""
    tried = Delivery.objects.filter(
        recipient__stage=Stage.LAPSED,
        cap_on__isnull=False,
        run__started_at__gte=F("recipient__stage_since_at"),
    )
    if question.run_id:
        tried = tried.exclude(run=question.run_id)
    enough = tried.values("recipient").annotate(messages=Count("pk"))
    return question.has(enough.filter(messages__gte=conf().win_backs))


RULE = Rule(
    code="won_back",
    sentence=_("has not been heard of for long, and was written to often enough since"),
    plural=_("have not been heard of for long, and were written to often enough since"),
    mend=_("Nothing: they are left in peace until they come back."),
    binds_routine=False,
    excludes=excludes,
)
