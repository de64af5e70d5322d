from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from outreach.eligibility.rule import ADDRESS, Question
from outreach.preferences.models import Suppression


def stopped_by(question: Question, reasons: Iterable[str]) -> Q:
    """Whether a stop in force for one of these reasons binds the person or the address."""
    live = Suppression.objects.filter(
        lifted_at__isnull=True, reason__in=list(reasons), channel__in=["", question.channel]
    )
    return Q(Exists(live.filter(recipient=OuterRef("pk")))) | Q(
        Exists(live.filter(address=OuterRef(ADDRESS)))
    )
