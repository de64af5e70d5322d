"""What a person changes on the preference page (B11). Each verb writes only what is new."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from outreach.centre.link import Link
from outreach.centre.standing import Box, own_stops, standing_of
from outreach.centre.stop import note_unsubscribed
from outreach.exceptions import Conflict
from outreach.history.actor import CUSTOMER
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Source
from outreach.preferences.pause import pause, resume
from outreach.preferences.suppress import lift
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address

BREAKS = (30, 60, 90)
"""Lengths of a break on offer, in days."""


def save(link: Link, *, shown: Collection[str], ticked: Collection[str]) -> None:
    """Write each box that was changed between the page as shown and the form as sent.

    A page left open since before another choice was made (by one click, by telephone) does not
    undo that choice: a box that was not touched is not written.
    """
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        for box in standing_of(link).boxes:
            if (box.key in ticked) == (box.key in shown):
                continue
            if (box.key in ticked) != box.is_wanted:
                _write(link, box, wanted=box.key in ticked)
    if _was_dropped(link, shown, ticked):
        note_unsubscribed(link, link.topic.slug)


def take_break(link: Link, *, days: int) -> None:
    """No message for so many days, but routine ones."""
    until = timezone.now() + timedelta(days=days)
    pause(link.recipient, until=until, source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def end_break(link: Link) -> None:
    resume(link.recipient, by=CUSTOMER)


def come_back(link: Link) -> None:
    """Lift what this person stopped; their topics are as they left them."""
    for stop in own_stops(link):
        try:
            lift(stop, by=CUSTOMER, why="The customer asked for messages again on their page.")
        except Conflict:
            continue  # pressed twice


def _write(link: Link, box: Box, *, wanted: bool) -> None:
    verb = grant if wanted else withdraw
    verb(
        link.recipient,
        [box.topic],
        channel=box.channel,
        source=Source.PREFERENCE_PAGE,
        by=CUSTOMER,
        address=_address_for(link, box, wanted=wanted),
        wording=f"{box.topic.name}: {box.topic.description}",
    )


def _address_for(link: Link, box: Box, *, wanted: bool) -> Address | None:
    """Where the choice binds. The link proves the mailbox it came to, and no other address:

    a wish for another channel takes back nothing that was refused there by whoever shares it.
    """
    if box.channel == link.delivery.channel:
        return link.address
    if wanted:
        return None
    return (
        Address.objects.filter(held__recipient=link.recipient, channel=box.channel)
        .order_by("held__position", "held__pk")
        .first()
    )


def _was_dropped(link: Link, shown: Collection[str], ticked: Collection[str]) -> bool:
    key = f"{link.topic.slug}:{link.delivery.channel}"
    return key in shown and key not in ticked
