"""The only writer of Suppression: what stops everything, and what lifts that again."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, Actor
from outreach.history.record import record, record_each
from outreach.preferences.models import Suppression
from outreach.recipients.lock import lock_people, lock_with_addresses
from outreach.recipients.models import Address, Recipient
from outreach.signals import consent_changed, nudge


def suppress(
    *,
    reason: str,
    by: Actor,
    recipient: Recipient | None = None,
    address: Address | None = None,
    channel: str = "",
    note: str = "",
) -> Suppression | None:
    """Stop all messages to a person, an address, or both; None where that is so already.

    What stops a person binds every address that they have (`passed_on.stops_binding`).
    """
    if recipient is None and address is None:
        raise ValueError("A stop binds a person or an address.")
    with transaction.atomic():
        if recipient:
            lock_with_addresses(recipient.pk, [address.pk] if address else [])
        elif address:
            lock_people([], [address.pk])
        row, is_new = Suppression.objects.get_or_create(
            live_key=_live_key(reason, recipient, address, channel),
            defaults={
                "reason": reason,
                "recipient": recipient,
                "address": address,
                "channel": channel,
                "note": note,
                "actor_name": by.name,
            },
        )
        if not is_new:
            return None
        record(recipient or row, f"stop.{reason}", by=by)
        if recipient:
            nudge(consent_changed, recipient_id=recipient.pk)
    return row


def suppress_addresses(addresses: Mapping[Address, str], *, reason: str, by: Actor) -> int:
    """Stop all messages to these addresses, each with its note; how many were not so before."""
    with transaction.atomic():
        lock_people([], [address.pk for address in addresses])
        keys = {_live_key(reason, None, address, ""): address for address in addresses}
        held = set(
            Suppression.objects.filter(live_key__in=list(keys)).values_list("live_key", flat=True)
        )
        rows = [
            Suppression(
                live_key=key,
                reason=reason,
                address=address,
                note=addresses[address],
                actor_name=by.name,
                tenant=address.tenant,
            )
            for key, address in keys.items()
            if key not in held
        ]
        Suppression.objects.bulk_create(rows)
        record_each(rows, f"stop.{reason}", by=by)
    return len(rows)


def lift(suppression: Suppression, *, by: Actor, why: str) -> None:
    """Take a stop back, with a reason on record. Raises Conflict if that is so already.

    Raises Refused without a reason; for whatever is no person, as an import or a sweep; and for
    staff where somebody asked to be erased, since only they themselves can come back.
    """
    if not (by.is_person or by == CUSTOMER):
        raise Refused(_("Only a person can lift a stop."))
    if suppression.reason == Suppression.Reason.ERASED and by != CUSTOMER:
        raise Refused(_("They asked to be erased. They would have to come to us again."))
    if not why.strip():
        raise Refused(_("Say why these messages may start again; the reason is kept."))
    with transaction.atomic():
        lock_people(
            [suppression.recipient_id] if suppression.recipient_id else [],
            [suppression.address_id] if suppression.address_id else [],
        )
        lifted = Suppression.objects.filter(pk=suppression.pk, lifted_at__isnull=True).update(
            lifted_at=timezone.now(), lifted_by=by.name, lift_reason=why, live_key=None
        )
        if not lifted:
            raise Conflict(_("Somebody lifted this stop already."))
        record(suppression.recipient or suppression, "stop.lifted", by=by)


def _live_key(
    reason: str, recipient: Recipient | None, address: Address | None, channel: str
) -> str:
    person, place = recipient.pk if recipient else "", address.pk if address else ""
    return f"{reason}:{person}:{place}:{channel}"
