"""What was refused by contacts that the CRM has merged, moved or deleted since.

While somebody has an address, what they refused there binds them and the address. Once they have
it no more, whoever has it now may be the same person under another row of the CRM: then it binds
them wherever we would write to them, so that the strictest of two wins.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.preferences.models import Objection, Suppression
from outreach.prepared import Asked
from outreach.recipients.models import Address, ContactLink, Recipient, RecipientAddress

Person = Recipient | OuterRef | Asked


def links_of_the_gone() -> QuerySet[ContactLink]:
    """Links of people who came from the CRM and are in it no more, under no other contact."""
    still = ContactLink.objects.filter(recipient=OuterRef("recipient"), gone_at__isnull=True)
    return ContactLink.objects.filter(~Exists(still), gone_at__isnull=False)


def is_gone(recipient: str) -> Q:
    """Whether the recipient at this path came from the CRM and is in it no more."""
    links = ContactLink.objects.filter(recipient=OuterRef(recipient))
    left = links.filter(gone_at__isnull=False)  # asked first: nearly nobody has one
    return Q(Exists(left)) & ~Q(Exists(links.filter(gone_at__isnull=True)))


def refusals_left() -> QuerySet[Objection]:
    """Refusals that bind an address whose refuser is not there any more."""
    return Objection.objects.exclude(_is_there("record__recipient"))


def refusals_passed_on(person: Person) -> QuerySet[Objection]:
    """Refusals left by somebody else at any of this person's addresses."""
    return refusals_left().filter(address__held__recipient=person)


def stops_left(stops: QuerySet[Suppression]) -> QuerySet[Suppression]:
    """Those that bind an address, on behalf of somebody who is not there any more.

    Without a person it is a mark in the CRM; what staff or a bounce stop is the address itself.
    """
    of_marks = Q(recipient__isnull=True, reason=Suppression.Reason.UNSUBSCRIBED)
    return of_people(stops).filter(
        of_marks | (Q(recipient__isnull=False) & ~_is_there("recipient")), address__isnull=False
    )


def stops_of_the_gone(stops: QuerySet[Suppression]) -> QuerySet[Suppression]:
    return of_people(stops).filter(is_gone("recipient"))


def of_people(stops: QuerySet[Suppression]) -> QuerySet[Suppression]:
    return stops.exclude(reason=Suppression.Reason.HARD_BOUNCE)


def _is_there(recipient: str) -> Q:
    """Whether the recipient at this path is in the CRM, with the row's `address`."""
    held = RecipientAddress.objects.filter(
        recipient=OuterRef(recipient), address=OuterRef("address")
    )
    return Q(Exists(held.exclude(is_gone("recipient"))))


def stops_binding(
    stops: QuerySet[Suppression], person: Person, address: Address | OuterRef | Asked
) -> tuple[QuerySet[Suppression], ...]:
    """Those of `stops` that bind this person at this address, by what binds them.

    A bounce binds its address alone. What a person asked for, or was entered for them, binds
    every address of theirs; and what stayed behind at an address binds whoever has it now.
    """
    return (
        stops.filter(recipient=person),
        stops.filter(address=address),
        of_people(stops).filter(recipient__held__address=address),
        stops_of_the_gone(stops).filter(recipient__held__address__held__recipient=person),
        stops_left(stops).filter(address__held__recipient=person),
    )
