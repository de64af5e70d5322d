"""What becomes of the people in a declaration, asked anew each time: the dry run, and the deed.

Whoever refused is never overridden: a refusal of the topic, by the person or at an address of
theirs; a complaint or a stop by themselves, even one that was lifted since; a stop by staff in
force; a mark in the CRM. Such people can still ask for it themselves.
"""

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declared import Outcome
from outreach.preferences.models import Objection, Source, Subscription, Suppression
from outreach.recipients.models import ContactLink, RecipientAddress

BECOMES = "becomes"
Reason = Suppression.Reason
BY_THEMSELVES = (Reason.UNSUBSCRIBED, Reason.COMPLAINT)


def with_outcome(declaration: InterestDeclaration) -> QuerySet[DeclaredPerson]:
    """The people of a declaration, with BECOMES: what became of them, or would become now."""
    asked = {
        Outcome.ERASED: Q(recipient__erased_at__isnull=False) | _is_stopped(Q(reason="erased")),
        Outcome.REFUSED: _has_refused(declaration),
        Outcome.NO_ADDRESS: ~_is_reached(declaration),
        Outcome.ALREADY: _chose(declaration, is_granted=True),
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


def _has_refused(declaration: InterestDeclaration) -> Q:
    stops = Q(reason__in=BY_THEMSELVES) | Q(reason=Reason.MANUAL, lifted_at__isnull=True)
    objections = Objection.objects.filter(
        topic=declaration.topic_id, address__held__recipient=OuterRef("recipient")
    )
    marked = ContactLink.objects.filter(is_opted_out=True)
    shared = marked.filter(recipient__held__address__held__recipient=OuterRef("recipient"))
    return (
        _is_stopped(stops & Q(channel__in=["", declaration.channel]))
        | _chose(declaration, is_granted=False)
        | Q(Exists(objections))
        | Q(Exists(marked.filter(recipient=OuterRef("recipient"))))
        | Q(Exists(shared))
    )


def _is_stopped(which: Q) -> Q:
    """Whether such a stop binds, or once bound, the person, their address, or who shares it."""
    stops, person = Suppression.objects.filter(which), OuterRef("recipient")
    return (
        Q(Exists(stops.filter(recipient=person)))
        | Q(Exists(stops.filter(address__held__recipient=person)))
        | Q(Exists(stops.filter(recipient__held__address__held__recipient=person)))
    )


def _chose(declaration: InterestDeclaration, *, is_granted: bool) -> Q:
    """What they chose themselves; the end of a declared interest is nobody's refusal."""
    chosen = Subscription.objects.filter(
        recipient=OuterRef("recipient"),
        topic=declaration.topic_id,
        channel=declaration.channel,
        is_granted=is_granted,
    ).exclude(record__source=Source.EXPIRY)
    return Q(Exists(chosen))


def _is_reached(declaration: InterestDeclaration) -> Q:
    """At the address that their row of a file names; else at any on the channel."""
    held = RecipientAddress.objects.filter(
        recipient=OuterRef("recipient"), channel=declaration.channel
    )
    named = Q(Exists(held.filter(address=OuterRef("address"))))
    return named | (Q(address__isnull=True) & Q(Exists(held)))
