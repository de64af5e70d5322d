"""What becomes of the people in a declaration, asked anew each time: the dry run, and the deed.

Whoever refused is never overridden (`refused`). Such people can still ask for it themselves.
"""

from datetime import timedelta

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declared import Outcome
from outreach.preferences.models import Suppression
from outreach.preferences.refused import has_refused, is_stopped
from outreach.preferences.wanted import wanted
from outreach.recipients.models import RecipientAddress

BECOMES = "becomes"


def with_outcome(declaration: InterestDeclaration) -> QuerySet[DeclaredPerson]:
    """The people of a declaration, with BECOMES: what became of them, or would become now."""
    person = OuterRef("recipient")
    asked = {
        Outcome.ERASED: Q(recipient__erased_at__isnull=False)
        | is_stopped(Q(reason=Suppression.Reason.ERASED), person),
        Outcome.REFUSED: has_refused(person, declaration.topic_id, declaration.channel),
        Outcome.NO_ADDRESS: ~_is_reached(declaration),
        Outcome.ALREADY: _asked_already(declaration),
        Outcome.LEFT: _is_too_old(declaration),
    }
    cases = [When(condition, then=Value(outcome)) for outcome, condition in asked.items()]
    return DeclaredPerson.objects.filter(declaration=declaration).annotate(
        **{
            BECOMES: Case(
                When(~Q(outcome=""), then=F("outcome")),
                *cases,
                default=Value(Outcome.RECORDED),
                output_field=CharField(),
            )
        }
    )


def count_outcomes(declaration: InterestDeclaration) -> dict[str, int]:
    """How many people each outcome has or would have now; those with nobody are missing."""
    counted = with_outcome(declaration).values_list(BECOMES).annotate(people=Count("pk"))
    return dict(counted.order_by())


def _asked_already(declaration: InterestDeclaration) -> Q:
    wishes = wanted().filter(
        recipient=OuterRef("recipient"), topic=declaration.topic_id, channel=declaration.channel
    )
    return Q(Exists(wishes))


def _is_too_old(declaration: InterestDeclaration) -> Q:
    """Whether the days are over for which a wish for this topic counts."""
    days = declaration.topic.valid_for
    if not days or declaration.expires_on:
        return Q(pk__in=[])
    last = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(days=days)
    own = Q(since_on__lte=last)
    return own | Q(since_on__isnull=True) if declaration.since_on <= last else own


def _is_reached(declaration: InterestDeclaration) -> Q:
    """At the address that their row of a file names; else at any on the channel."""
    held = RecipientAddress.objects.filter(
        recipient=OuterRef("recipient"), channel=declaration.channel
    )
    named = Q(Exists(held.filter(address=OuterRef("address"))))
    return named | (Q(address__isnull=True) & Q(Exists(held)))
