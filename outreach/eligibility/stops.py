from collections.abc import Iterable

from django.db.models import Q

from outreach.eligibility.rule import At, Question
from outreach.preferences.models import Suppression
from outreach.preferences.passed_on import of_people, stops_left, stops_of_the_gone


def stopped_by(question: Question, reasons: Iterable[str]) -> Q:
    """Whether a stop in force for one of these reasons binds the person or the address.

    In the ways of `passed_on.stops_binding`, which asks the same of one person.
    """
    live = Suppression.objects.filter(
        lifted_at__isnull=True, reason__in=list(reasons), channel__in=["", question.channel]
    )
    return (
        question.has(live)
        | question.is_at(live.filter(address__isnull=False), At.FIRST)
        | question.shares_address(of_people(live), At.FIRST)
        | question.shares_address(stops_of_the_gone(live))
        | question.is_at(question.at_addresses_asked_about(stops_left(live)))
    )
