"""Who said no before, and so is never signed up again by anybody but themselves (B1, D2).

A refusal of the topic, by the person or at an address of theirs; a stop they asked for or a
complaint, even one that was lifted since; a stop by staff or from a list, in force; a mark in the
CRM. What binds an address binds whoever is reached there.
"""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from outreach.preferences.models import Objection, Suppression
from outreach.preferences.wanted import refused
from outreach.recipients.models import ContactLink

Reason = Suppression.Reason
BY_THEMSELVES = (Reason.UNSUBSCRIBED, Reason.COMPLAINT)
BY_OTHERS = (Reason.MANUAL, Reason.IMPORTED, Reason.ERASED)
Key = int | OuterRef


def has_refused(person: OuterRef, topic: Key, channel: str) -> Q:
    """Whether the person at this path said no to the topic on the channel."""
    stops = Q(reason__in=BY_THEMSELVES) | Q(reason__in=BY_OTHERS, lifted_at__isnull=True)
    marked = ContactLink.objects.filter(is_opted_out=True)
    asked: list[QuerySet[Any]] = [
        refused().filter(recipient=person, topic=topic, channel=channel),
        Objection.objects.filter(topic=topic, address__held__recipient=person),
        marked.filter(recipient=person),
        marked.filter(recipient__held__address__held__recipient=person),
    ]
    return is_stopped(stops & Q(channel__in=["", channel]), person) | reduce(
        or_, (Q(Exists(rows)) for rows in asked)
    )


def is_stopped(which: Q, person: OuterRef) -> Q:
    """Whether such a stop binds, or once bound, the person, their address, or who shares it."""
    stops = Suppression.objects.filter(which)
    return (
        Q(Exists(stops.filter(recipient=person)))
        | Q(Exists(stops.filter(address__held__recipient=person)))
        | Q(Exists(stops.filter(recipient__held__address__held__recipient=person)))
    )
