"""Keep what a person told one of us: by word of mouth, so that a person of ours vouches for it."""

from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction

from outreach.history.actor import Actor
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import Objection, Topic
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address, Recipient, RecipientAddress


def write_down(
    recipient: Recipient,
    topics: Collection[Topic],
    *,
    is_wanted: bool,
    channels: Iterable[str],
    source: str,
    by: Actor,
    wording: str = "",
    note: str = "",
) -> None:
    """Grant or withdraw these topics on each channel (B7).

    A refusal binds their addresses too. A wish takes back what this person refused there, but never
    what somebody else did who shares the address.
    """
    with transaction.atomic():
        places = first_addresses(recipient)
        lock_with_addresses(recipient.pk)
        verb = grant if is_wanted else withdraw
        write = partial(verb, recipient, source=source, by=by, wording=wording, note=note)
        for channel in channels:
            address = places.get(channel)
            held_off = _refused_by_others(recipient, address) if is_wanted else set()
            binding = [topic for topic in topics if topic.pk not in held_off]
            personal = [topic for topic in topics if topic.pk in held_off]
            if binding:
                write(binding, channel=channel, address=address)
            if personal:
                write(personal, channel=channel)


def first_addresses(recipient: Recipient) -> dict[str, Address]:
    """Where the person is written to, by channel."""
    found: dict[str, Address] = {}
    held = RecipientAddress.objects.filter(recipient=recipient).select_related("address")
    for row in held.order_by("position", "pk"):
        found.setdefault(row.channel, row.address)
    return found


def _refused_by_others(recipient: Recipient, address: Address | None) -> set[int]:
    theirs = Objection.objects.filter(address=address).exclude(record__recipient=recipient)
    return set(theirs.values_list("topic", flat=True)) if address else set()
