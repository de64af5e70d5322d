from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from outreach.eligibility.rule import ADDRESS, Question
from outreach.preferences.models import Suppression
from outreach.preferences.passed_on import stops_binding


def stopped_by(question: Question, reasons: Iterable[str]) -> Q:
    """Whether a stop in force for one of these reasons binds the person or the address."""
    live = Suppression.objects.filter(
        lifted_at__isnull=True, reason__in=list(reasons), channel__in=["", question.channel]
    )
    binding = stops_binding(live, OuterRef("pk"), OuterRef(ADDRESS))
    return reduce(or_, (Q(Exists(stops)) for stops in binding))
