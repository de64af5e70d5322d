"""Keep our people in step with the CRM's contacts: one by one on signals, all in a sweep."""

import logging
from collections.abc import Iterable
from operator import itemgetter

from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.recipients.hash_only import write_out
from outreach.recipients.hashing import address_hash, keyed_hash
from outreach.recipients.lock import lock_people
from outreach.recipients.models import (
    Address,
    Channel,
    ContactLink,
    Recipient,
    RecipientAddress,
)
from outreach.recipients.moves import Move, tell
from outreach.recipients.normalise import VERSION
from outreach.recipients.orders import OF_ORDERS, keep_order
from outreach.recipients.sources import ContactSource, HostContact, RawContact, sources
from outreach.recipients.tombstone import erased_emails, erased_keys

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
    """Read all contacts of one source, then mark those that the CRM no longer has."""
    changed = sum(_sync_batch(source, batch) for batch in source.batches())
    live = source.keys(source.rows())
    links = ContactLink.objects.filter(source=source.key)
    links.filter(gone_at__isnull=True).exclude(contact_key__in=live).update(gone_at=timezone.now())
    links.filter(gone_at__isnull=False, contact_key__in=live).update(gone_at=None)
    return changed


def sync_keys(source: ContactSource, keys: Iterable[str]) -> int:
    """Read these contacts again; a key that the CRM no longer has is marked as gone."""
    wanted = set(keys)
    found = source.raw_contacts(wanted)
    changed = _sync_batch(source, found)
    live = {raw.key for raw in found}
    links = ContactLink.objects.filter(source=source.key)
    links.filter(contact_key__in=wanted - live, gone_at__isnull=True).update(gone_at=timezone.now())
    links.filter(contact_key__in=live, gone_at__isnull=False).update(gone_at=None)
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


def _sync_batch(source: ContactSource, batch: list[RawContact]) -> int:
    """Write what is new in a batch; once more where another sync made the same person first."""
    links = ContactLink.objects.filter(
        source=source.key, contact_key__in=[raw.key for raw in batch]
    )
    held = dict(links.values_list("contact_key", "digest"))
    changed = [raw.key for raw in batch if held.get(raw.key) != _digest(raw)]
    if not changed:
        return 0
    try:
        return _write(source, changed)
    except IntegrityError:
        return _write(source, changed)


def _write(source: ContactSource, keys: list[str]) -> int:
    """Lock whom we know already, then read both sides again, so that nothing newer is undone.

    Nobody is made again who was erased: neither by the same contact, nor by another one with an
    address of theirs (B12). Returns how many were written.
    """
    with transaction.atomic():
        links = ContactLink.objects.filter(source=source.key, contact_key__in=keys)
        lock_people(links.values_list("recipient", flat=True))
        held = {link.contact_key: link for link in links.select_related("recipient")}
        changed = {
            raw.key: raw
            for raw in source.raw_contacts(keys)
            if raw.key not in held or held[raw.key].digest != _digest(raw)
        }
        erased = erased_keys(source, changed)
        read = [source.contact_of(raw) for key, raw in changed.items() if key not in erased]
        gone = erased_emails(read)
        contacts = [each for each in read if each.key in held or not gone & set(each.emails)]
        digests = {key: _digest(raw) for key, raw in changed.items()}
        if contacts:
            known = {link.recipient_id for link in held.values()}
            people = _write_people(source, contacts, held, digests)
            _write_addresses(people, contacts, known)
    return len(contacts)


def _digest(raw: RawContact) -> str:
    return keyed_hash(repr(raw.rows))


def _write_people(
    source: ContactSource,
    contacts: list[HostContact],
    held: dict[str, ContactLink],
    digests: dict[str, str],
) -> dict[str, Recipient]:
    """Make or update the people and links of these contacts; returns the people by key."""
    people: dict[str, Recipient] = {}
    now = timezone.now()
    for contact in contacts:
        person = held[contact.key].recipient if contact.key in held else Recipient()
        for name in COPIED:
            setattr(person, name, getattr(contact, name)[: LIMITS[name]])
        keep_order(person, contact)
        people[contact.key] = person
    links = [
        ContactLink(
            pk=held[contact.key].pk if contact.key in held else None,
            source=source.key,
            model_label=source.model,
            contact_key=contact.key,
            recipient=people[contact.key],
            digest=digests[contact.key],
            synced_at=now,
            is_opted_out=contact.is_opted_out,
        )
        for contact in contacts
    ]
    known = [person for person in people.values() if person.pk]
    Recipient.objects.bulk_update(known, [*COPIED, *OF_ORDERS])
    Recipient.objects.bulk_create([person for person in people.values() if not person.pk])
    seen = [link for link in links if link.pk]
    ContactLink.objects.bulk_update(seen, ["digest", "is_opted_out", "synced_at"])
    for link in links:
        link.recipient_id = link.recipient.pk
    ContactLink.objects.bulk_create([link for link in links if not link.pk])
    return people


def _write_addresses(
    people: dict[str, Recipient], contacts: list[HostContact], known: set[int]
) -> None:
    """Give each person just the addresses of their contact, in its order."""
    keys = _keys_of_addresses(contacts)
    wanted = {
        (people[contact.key].pk, keys[value]): position
        for contact in contacts
        for position, value in enumerate(contact.emails)
        if value in keys
    }
    held = list(
        RecipientAddress.objects.filter(
            recipient__in=[person.pk for person in people.values()], channel=Channel.EMAIL
        )
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
    before = {(row.recipient_id, row.address_id) for row in held}
    tell(
        [
            Move(recipient_id=person, address_id=place, channel=Channel.EMAIL, is_left=is_left)
            for pairs, is_left in ((before - wanted.keys(), True), (wanted.keys() - before, False))
            for person, place in sorted(pairs)
            if person in known
        ]
    )


def _keys_of_addresses(contacts: list[HostContact]) -> dict[str, int]:
    """Our row for each address of these contacts, made where there is none; of erased ones none."""
    hashes = {value: address_hash(Channel.EMAIL, value) for c in contacts for value in c.emails}
    Address.objects.bulk_create(
        [
            Address(channel=Channel.EMAIL, value=value, value_hash=hashed, normaliser=VERSION)
            for value, hashed in sorted(hashes.items(), key=itemgetter(1))
        ],
        ignore_conflicts=True,
    )
    rows = Address.objects.filter(channel=Channel.EMAIL, value_hash__in=hashes.values())
    write_out(rows, {hashed: value for value, hashed in hashes.items()})
    keys = dict(rows.exclude(value="").values_list("value_hash", "pk"))
    return {value: keys[hashed] for value, hashed in hashes.items() if hashed in keys}
