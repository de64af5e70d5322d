from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from outreach.eligibility.rule import ADDRESS, Question
from outreach.preferences.models import Suppression
from outreach.preferences.passed_on import Binding, ways_to_bind


def stopped_by(question: Question, reasons: Iterable[str]) -> Q:
    """Whether a stop in force for one of these reasons binds the person or the address."""
    live = Suppression.objects.filter(
        lifted_at__isnull=True, reason__in=list(reasons), channel__in=["", question.channel]
    )
    return reduce(or_, (_binds(question, way) for way in ways_to_bind(live)))


def _binds(question: Question, way: Binding) -> Q:
    if way.person == "recipient":
        return question.has(way.rows)
    if way.address == "address":
        return Q(Exists(way.rows.filter(address=OuterRef(ADDRESS))))
    if way.address:
        return question.is_written_to(way.rows, way.address)
    return question.is_among(way.rows, way.person)
