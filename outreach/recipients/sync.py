"""Keep our people in step with the CRM's contacts: one by one on signals, all in a sweep."""

import logging
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.recipients.hashing import address_hash, keyed_hash
from outreach.recipients.lock import lock_people
from outreach.recipients.models import (
    Address,
    Channel,
    ContactLink,
    Recipient,
    RecipientAddress,
    Stage,
)
from outreach.recipients.normalise import VERSION
from outreach.recipients.sources import ContactSource, HostContact, sources

logger = logging.getLogger("outreach")

COPIED = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
LIMITS = {name: getattr(Recipient._meta.get_field(name), "max_length", None) for name in COPIED}


def sweep() -> int:
    """Bring every source up to date; returns how many contacts were new or had changed.

    A source that cannot be read does not keep the others waiting.
    """
    changed = 0
    for source in sources().values():
        try:
            changed += sync_source(source)
        except Exception as error:
            logger.error("Source %s could not be read: %s", source.key, type(error).__name__)
    return changed


def sync_source(source: ContactSource) -> int:
    """Stream all contacts of one source, then mark those that the CRM no longer has."""
    begun_at = timezone.now()
    changed = sum(_sync_batch(source, batch, begun_at) for batch in source.batches())
    ContactLink.objects.filter(
        source=source.key, gone_at__isnull=True, synced_at__lt=begun_at
    ).update(gone_at=begun_at)
    return changed


def sync_keys(source: ContactSource, keys: Iterable[str]) -> int:
    """Read these contacts again; a key that the CRM no longer has is marked as gone."""
    wanted, begun_at = set(keys), timezone.now()
    found = source.contacts(wanted)
    changed = _sync_batch(source, found, begun_at) if found else 0
    ContactLink.objects.filter(
        source=source.key,
        contact_key__in=wanted - {contact.key for contact in found},
        gone_at__isnull=True,
    ).update(gone_at=begun_at)
    return changed


def refresh(recipient_ids: Iterable[int]) -> None:
    """Read the live rows behind these people again, as in each claim."""
    keys: dict[str, list[str]] = {}
    links = ContactLink.objects.filter(recipient__in=list(recipient_ids), gone_at__isnull=True)
    for source_key, contact_key in links.values_list("source", "contact_key"):
        keys.setdefault(source_key, []).append(contact_key)
    for source_key, found in keys.items():
        if source := sources().get(source_key):
            sync_keys(source, found)


def _sync_batch(source: ContactSource, batch: list[HostContact], begun_at: datetime) -> int:
    """Write what is new in a batch; once more where another sync made the same person first."""
    changed = _changed(batch, _links_to(source, batch))
    if changed:
        try:
            _write(source, changed)
        except IntegrityError:
            _write(source, changed)
    ContactLink.objects.filter(
        source=source.key, contact_key__in=[contact.key for contact in batch]
    ).update(synced_at=begun_at, gone_at=None)
    return len(changed)


def _write(source: ContactSource, contacts: list[HostContact]) -> None:
    """Lock whom we know already, then read both sides again, so that nothing newer is undone."""
    with transaction.atomic():
        lock_people(link.recipient_id for link in _links_to(source, contacts).values())
        live = source.contacts(contact.key for contact in contacts)
        held = _links_to(source, live)
        if changed := _changed(live, held):
            _write_addresses(_write_people(source, changed, held), changed)


def _links_to(source: ContactSource, contacts: list[HostContact]) -> dict[str, ContactLink]:
    links = ContactLink.objects.select_related("recipient").filter(
        source=source.key, contact_key__in=[contact.key for contact in contacts]
    )
    return {link.contact_key: link for link in links}


def _changed(contacts: list[HostContact], held: dict[str, ContactLink]) -> list[HostContact]:
    return [
        contact
        for contact in contacts
        if contact.key not in held or held[contact.key].digest != _digest(contact)
    ]


def _digest(contact: HostContact) -> str:
    return keyed_hash(repr(contact))


def _write_people(
    source: ContactSource,
    contacts: list[HostContact],
    held: dict[str, ContactLink],
) -> dict[str, Recipient]:
    """Make or update the people and links of these contacts; returns the people by key."""
    people: dict[str, Recipient] = {}
    for contact in contacts:
        person = held[contact.key].recipient if contact.key in held else Recipient()
        for name in COPIED:
            setattr(person, name, getattr(contact, name)[: LIMITS[name]])
        if contact.is_customer and person.stage != Stage.LAPSED:
            person.stage = Stage.CUSTOMER
        people[contact.key] = person
    links = [
        ContactLink(
            pk=held[contact.key].pk if contact.key in held else None,
            source=source.key,
            model_label=source.model,
            contact_key=contact.key,
            recipient=people[contact.key],
            digest=_digest(contact),
            is_opted_out=contact.is_opted_out,
        )
        for contact in contacts
    ]
    known = [person for person in people.values() if person.pk]
    Recipient.objects.bulk_update(known, [*COPIED, "stage"])
    Recipient.objects.bulk_create([person for person in people.values() if not person.pk])
    ContactLink.objects.bulk_update([link for link in links if link.pk], ["digest", "is_opted_out"])
    for link in links:
        link.recipient_id = link.recipient.pk
    ContactLink.objects.bulk_create([link for link in links if not link.pk])
    return people


def _write_addresses(people: dict[str, Recipient], contacts: list[HostContact]) -> None:
    """Give each person just the addresses of their contact, in its order."""
    values = {value: address_hash(Channel.EMAIL, value) for c in contacts for value in c.emails}
    Address.objects.bulk_create(
        [
            Address(channel=Channel.EMAIL, value=value, value_hash=hashed, normaliser=VERSION)
            for value, hashed in sorted(values.items(), key=itemgetter(1))
        ],
        ignore_conflicts=True,
    )
    address_ids = dict(
        Address.objects.filter(channel=Channel.EMAIL, value_hash__in=values.values()).values_list(
            "value_hash", "pk"
        )
    )
    wanted = {
        (people[contact.key].pk, address_ids[values[value]]): position
        for contact in contacts
        for position, value in enumerate(contact.emails)
    }
    held = RecipientAddress.objects.filter(
        recipient__in=[person.pk for person in people.values()], channel=Channel.EMAIL
    )
    stale = [
        row.pk for row in held if wanted.get((row.recipient_id, row.address_id)) != row.position
    ]
    RecipientAddress.objects.filter(pk__in=stale).delete()
    RecipientAddress.objects.bulk_create(
        [
            RecipientAddress(
                recipient_id=recipient_id,
                address_id=address_id,
                channel=Channel.EMAIL,
                position=position,
            )
            for (recipient_id, address_id), position in wanted.items()
        ],
        ignore_conflicts=True,
    )
