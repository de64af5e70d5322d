"""Keep our people in step with the CRM's contacts: one by one on signals, all in a sweep."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction
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

BATCH = 500
COPIED = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
LIMITS = {name: getattr(Recipient._meta.get_field(name), "max_length", None) for name in COPIED}


def sweep() -> int:
    """Bring every source up to date; returns how many contacts were new or had changed."""
    return sum(sync_source(source) for source in sources().values())


def sync_source(source: ContactSource) -> int:
    """Stream all contacts of one source, then mark those that the CRM no longer has."""
    begun_at = timezone.now()
    changed = sum(_sync_batch(source, batch, begun_at) for batch in _batches(source.contacts()))
    ContactLink.objects.filter(
        source=source.key, gone_at__isnull=True, synced_at__lt=begun_at
    ).update(gone_at=begun_at)
    return changed


def sync_keys(source: ContactSource, keys: Iterable[str]) -> int:
    """Read these contacts again; a key that the CRM no longer has is marked as gone."""
    wanted, begun_at = set(keys), timezone.now()
    changed = 0
    for batch in _batches(source.contacts(wanted)):
        wanted -= {contact.key for contact in batch}
        changed += _sync_batch(source, batch, begun_at)
    ContactLink.objects.filter(
        source=source.key, contact_key__in=wanted, gone_at__isnull=True
    ).update(gone_at=begun_at)
    return changed


def refresh(recipient_ids: Iterable[int]) -> None:
    """Read the live rows behind these people again, as before each claimed batch."""
    keys: dict[str, list[str]] = {}
    links = ContactLink.objects.filter(recipient__in=list(recipient_ids), gone_at__isnull=True)
    for source_key, contact_key in links.values_list("source", "contact_key"):
        keys.setdefault(source_key, []).append(contact_key)
    for source_key, found in keys.items():
        if source := sources().get(source_key):
            sync_keys(source, found)


def _batches(contacts: Iterator[HostContact]) -> Iterator[list[HostContact]]:
    while batch := list(islice(contacts, BATCH)):
        yield batch


def _sync_batch(source: ContactSource, batch: list[HostContact], begun_at: datetime) -> int:
    with transaction.atomic():
        held = {
            link.contact_key: link
            for link in ContactLink.objects.select_related("recipient").filter(
                source=source.key, contact_key__in=[contact.key for contact in batch]
            )
        }
        digests = {contact.key: keyed_hash(repr(contact)) for contact in batch}
        changed = [
            contact
            for contact in batch
            if contact.key not in held or held[contact.key].digest != digests[contact.key]
        ]
        if changed:
            lock_people(held[c.key].recipient_id for c in changed if c.key in held)
            people = _write_people(source, changed, held, digests)
            _write_addresses(people, changed)
        ContactLink.objects.filter(
            source=source.key, contact_key__in=[contact.key for contact in batch]
        ).update(synced_at=begun_at, gone_at=None)
    return len(changed)


def _write_people(
    source: ContactSource,
    contacts: list[HostContact],
    held: dict[str, ContactLink],
    digests: dict[str, str],
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
            digest=digests[contact.key],
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
            for value, hashed in values.items()
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
