"""What was said at an address before somebody signs up there (again)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from outreach.preferences.models import Objection, Subscription, Suppression, Topic
from outreach.preferences.passed_on import refusals_passed_on, stops_binding, stops_of_the_gone
from outreach.recipients.models import Address, Channel, ContactLink, Recipient
from outreach.recipients.without_crm import people_at

Reason = Suppression.Reason

FOR_STAFF = frozenset({Reason.COMPLAINT, Reason.MANUAL})
"""Stops that no form lifts: nothing is sent there, not even to ask."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`stops` by their reason, of everybody at the address; `refused` topics by id."""

    stops: frozenset[str]
    refused: frozenset[int]
    is_marked: bool

    @property
    def is_for_staff(self) -> bool:
        return bool(self.stops & FOR_STAFF)

    @property
    def is_clear(self) -> bool:
        """Nobody there ever said no to us, nor came any mail back."""
        return not (self.stops or self.refused or self.is_marked)


CLEAR = Standing(frozenset(), frozenset(), is_marked=False)


def standing_at(
    address: Address | None, topics: Collection[Topic], channels: Collection[str] = (Channel.EMAIL,)
) -> Standing:
    """What stands against writing about these topics there, whoever said it."""
    if address is None:
        return CLEAR
    marked = ContactLink.objects.filter(recipient__held__address=address, is_opted_out=True)
    return Standing(
        frozenset(_stops(address).values_list("reason", flat=True)),
        frozenset(_refused(address, topics, channels)),
        is_marked=marked.exists(),
    )


def stops_of_own_hand(person: Recipient, address: Address) -> QuerySet[Suppression]:
    """What this person may lift by a press in the mailbox: their own stops, and what stayed there.

    Never what somebody else asked for who shares the address, and is still there.
    """
    live = _stops(address) | Suppression.objects.filter(recipient=person, lifted_at__isnull=True)
    others = people_at(address).exclude(pk=person.pk)
    own = Q(reason=Reason.UNSUBSCRIBED) & ~Q(recipient__in=others.values("pk"))
    bounced = Q(reason=Reason.HARD_BOUNCE, address=address)
    erased = Q(reason=Reason.ERASED) & ~Q(recipient__in=others.values("pk"))
    return live.filter(own | bounced | erased).filter(channel__in=["", Channel.EMAIL]).distinct()


def refused_by_others(person: Recipient, address: Address) -> frozenset[int]:
    """Topics, by id, that somebody else refused there who is still reached there."""
    others = people_at(address).exclude(pk=person.pk)
    refusals = Objection.objects.filter(address=address, record__recipient__in=others.values("pk"))
    return frozenset(refusals.values_list("topic", flat=True))


def _stops(address: Address) -> QuerySet[Suppression]:
    live = Suppression.objects.filter(lifted_at__isnull=True, channel__in=["", address.channel])
    at = [
        live.filter(address=address),
        live.filter(recipient__held__address=address),
        stops_of_the_gone(live).filter(recipient__held__address=address),
    ]
    for person in people_at(address):
        at.extend(stops_binding(live, person, address))
    return Suppression.objects.filter(reduce(or_, (Q(pk__in=rows.values("pk")) for rows in at)))


def _refused(address: Address, topics: Collection[Topic], channels: Collection[str]) -> set[int]:
    own = Subscription.objects.filter(
        recipient__held__address=address,
        channel__in=channels,
        topic__in=topics,
        is_granted=False,
    )
    passed_on = [refusals_passed_on(person) for person in people_at(address)]
    refused = set(own.values_list("topic", flat=True))
    for objections in [Objection.objects.filter(address=address), *passed_on]:
        refused |= set(objections.filter(topic__in=topics).values_list("topic", flat=True))
    return refused
