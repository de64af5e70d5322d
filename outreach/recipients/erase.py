"""Erase a person (GDPR 17, B12): every room empties its own tables, in one transaction.

What stays: ids without words, the ledger of consent as proof, and the keyed hashes of address and
contact, so that a later import or sync meets them and does not make the person again.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Conflict
from outreach.history.actor import Actor
from outreach.history.forget import forget_notes
from outreach.history.record import record
from outreach.recipients.held import Erasure, all_holdings
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address, ContactLink, Recipient, RecipientAddress, Stage
from outreach.recipients.moves import Move, tell
from outreach.recipients.tombstone import ERASED as GONE
from outreach.recipients.tombstone import tombstone_of
from outreach.signals import recipient_erased

ERASED = "person.erased"


def erase(recipient: Recipient, *, by: Actor, reason: str = "") -> None:
    """Empty everything we hold of a person, for good. Raises Conflict if that was done before.

    `reason` is a code, not words. Addresses that somebody else is reached at stay theirs. The host
    hears of it by `signals.recipient_erased`, once for each contact, after the commit.
    """
    with transaction.atomic():
        for holding in all_holdings():
            holding.lock(recipient)
        lock_with_addresses(recipient.pk)
        held = Recipient.objects.get(pk=recipient.pk)
        if held.erased_at:
            raise Conflict(_("This person was erased already."))
        own = tuple(_own_addresses(held))
        erasure = Erasure(recipient=held, own=own, by=by, at=timezone.now())
        _let_go_of_shared(held, own)
        for holding in reversed(all_holdings()):  # the person and their addresses last
            holding.erase(erasure)
        record(held, ERASED, by=by, note=reason)


def empty(erasure: Erasure) -> None:
    """Take the person out of this room's own tables, and out of the notes of their history."""
    person = erasure.recipient
    _leave_tombstones(erasure)
    RecipientAddress.objects.filter(Q(recipient=person) | Q(address__in=erasure.own)).delete()
    Address.objects.filter(pk__in=[address.pk for address in erasure.own]).update(value="")
    Recipient.objects.filter(pk=person.pk, erased_at__isnull=True).update(
        name="",
        given_name="",
        family_name="",
        company="",
        chosen_language="",
        last_order_on=None,
        last_sign_at=None,
        language="",
        time_zone="",
        country="",
        stage=Stage.STRANGER,
        erased_at=erasure.at,
    )
    forget_notes(Recipient, [person.pk])


def _leave_tombstones(erasure: Erasure) -> None:
    links = list(ContactLink.objects.filter(recipient=erasure.recipient))
    for link in links:
        if link.gone_at is None:
            _tell_host(link.source, link.contact_key)
        link.source, link.contact_key = GONE, tombstone_of(link.source, link.contact_key)
        link.digest, link.is_opted_out = "", False
        link.gone_at = link.gone_at or erasure.at
    ContactLink.objects.bulk_update(
        links, ["source", "contact_key", "digest", "is_opted_out", "gone_at"]
    )


def _own_addresses(person: Recipient) -> QuerySet[Address]:
    """Where nobody else is reached who is in the CRM, or came to us by themselves."""
    links = ContactLink.objects.filter(recipient=OuterRef("recipient"))
    is_there = Exists(links.filter(gone_at__isnull=True)) | ~Exists(links)
    others = RecipientAddress.objects.filter(is_there, address=OuterRef("pk")).exclude(
        recipient=person
    )
    return Address.objects.filter(~Exists(others), held__recipient=person).order_by("pk")


def _let_go_of_shared(person: Recipient, own: Sequence[Address]) -> None:
    """What they refused at an address of others stays there, as when anybody leaves one."""
    shared = RecipientAddress.objects.filter(recipient=person).exclude(address__in=own)
    moves = [
        Move(recipient_id=person.pk, address_id=row.address_id, channel=row.channel, is_left=True)
        for row in shared
    ]
    shared.delete()
    tell(moves)


def _tell_host(source: str, key: str) -> None:
    send = partial(recipient_erased.send_robust, sender=None, source=source, key=key)
    transaction.on_commit(send)
