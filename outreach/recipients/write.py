"""Write what was read of contacts: the only writer of people, their addresses and their links."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from operator import attrgetter

from django.db import transaction
from django.utils import timezone

from outreach.recipients.address_book import address_book
from outreach.recipients.bulk_insert import insert, insert_with_keys
from outreach.recipients.bulk_update import update
from outreach.recipients.lock import lock_people
from outreach.recipients.models import (
    Channel,
    ContactLink,
    Recipient,
    RecipientAddress,
)
from outreach.recipients.moves import Move, tell
from outreach.recipients.orders import OF_ORDERS, keep_order
from outreach.recipients.sources import ContactSource, HostContact, RawContact
from outreach.recipients.stages import note_ordered
from outreach.recipients.tombstone import erased_keys
from outreach.tenancy import current_tenant, new_key

COPIED = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
LIMITS = [getattr(Recipient._meta.get_field(name), "max_length", None) for name in COPIED]
OWN = ("public_id", *COPIED, *OF_ORDERS)
ALIKE = [
    field.attname
    for field in Recipient._meta.concrete_fields
    if not field.primary_key and field.attname not in OWN
]
"""What is the same in every new person."""
_copied = attrgetter(*COPIED)
_of_orders = attrgetter(*OF_ORDERS)
LINK_COLUMNS = (
    "tenant",
    "source",
    "model_label",
    "contact_key",
    "recipient_id",
    "digest",
    "is_opted_out",
    "synced_at",
)


@dataclass(frozen=True, slots=True)
class Written:
    """How many contacts were `changed`, known ones included; how many are `linked` to people."""

    changed: int
    linked: int


def write(source: ContactSource, found: dict[str, RawContact], *, known: Set[str]) -> Written:
    """Lock whom we know already, then read both sides again, so that nothing newer is undone.

    Whom we do not know needs no second look: who is made by another sync meanwhile is made
    twice, which the database refuses to the later one. Nobody is made again who was erased:
    neither by the same contact, nor by another one with an address of theirs (B12).
    """
    with transaction.atomic():
        held = _lock(source, known)
        changed = {key: raw for key, raw in found.items() if key not in held} | {
            raw.key: raw
            for raw in (source.raw_contacts(held) if held else ())
            if raw.key in held and held[raw.key].digest != raw.digest
        }
        erased = erased_keys(source, changed)
        read = [source.contact_of(raw) for key, raw in changed.items() if key not in erased]
        book = address_book(read)
        contacts = [
            each for each in read if each.key in held or book.erased.isdisjoint(each.emails)
        ]
        digests = {key: raw.digest for key, raw in changed.items()}
        if contacts:
            people = _write_people(source, contacts, held, digests)
            _write_addresses(
                people,
                contacts,
                keys=book.written(contacts),
                known={link.recipient_id for link in held.values()},
            )
    made = sum(each.key not in held for each in contacts)
    return Written(changed=len(contacts), linked=len(held) + made)


def _lock(source: ContactSource, keys: Set[str]) -> dict[str, ContactLink]:
    """The links of these contacts, by key, with their people locked."""
    if not keys:
        return {}
    links = ContactLink.objects.filter(source=source.key, contact_key__in=list(keys))
    lock_people(links.values_list("recipient", flat=True))
    return {link.contact_key: link for link in links.select_related("recipient")}


def _write_people(
    source: ContactSource,
    contacts: list[HostContact],
    held: dict[str, ContactLink],
    digests: dict[str, str],
) -> dict[str, int]:
    """Make or update the people and links of these contacts; returns the people's keys by theirs.

    A person who is not known yet has no row that could be locked, and none to update.
    """
    stages = {link.recipient_id: link.recipient.stage for link in held.values()}
    for contact in contacts:
        if link := held.get(contact.key):
            _copy_into(link.recipient, contact)
            link.digest, link.is_opted_out = digests[contact.key], contact.is_opted_out
            link.synced_at = timezone.now()
    known = [contact.key for contact in contacts if contact.key in held]
    persons = {held[key].recipient_id: held[key].recipient for key in known}
    update(Recipient, list(persons.values()), [*COPIED, *OF_ORDERS])
    note_ordered(person for key, person in persons.items() if person.stage != stages[key])
    update(ContactLink, [held[key] for key in known], ["digest", "is_opted_out", "synced_at"])
    people = {key: held[key].recipient_id for key in known}
    people |= _make_people(source, [each for each in contacts if each.key not in held], digests)
    return people


def _copy_into(person: Recipient, contact: HostContact) -> None:
    for name, text in zip(COPIED, _texts_of(contact), strict=True):
        setattr(person, name, text)
    keep_order(person, contact)


def _texts_of(contact: HostContact) -> list[str]:
    """COPIED, each as long as its column."""
    return [text[:most] for text, most in zip(_copied(contact), LIMITS, strict=True)]


def _make_people(
    source: ContactSource, contacts: list[HostContact], digests: dict[str, str]
) -> dict[str, int]:
    now = timezone.now()
    tenant, key_of_source, model = current_tenant(), source.key, source.model
    keys = _insert_people(contacts)
    rows = [
        (
            tenant,
            key_of_source,
            model,
            each.key,
            key,
            digests[each.key],
            each.is_opted_out,
            now,
        )
        for each, key in zip(contacts, keys, strict=True)
    ]
    insert(ContactLink, LINK_COLUMNS, rows)
    return {each.key: key for each, key in zip(contacts, keys, strict=True)}


def _insert_people(contacts: list[HostContact]) -> list[int]:
    """One instance in memory does for all: making it costs as much as the INSERT."""
    person = Recipient()
    blank = dict(zip(OF_ORDERS, _of_orders(person), strict=True))
    same = [getattr(person, name) for name in ALIKE]
    rows = []
    for contact in contacts:
        vars(person).update(blank)
        keep_order(person, contact)
        rows.append((new_key().hex, *_texts_of(contact), *_of_orders(person), *same))
    return insert_with_keys(Recipient, (*OWN, *ALIKE), rows)


def _write_addresses(
    people: dict[str, int], contacts: list[HostContact], *, keys: dict[str, int], known: set[int]
) -> None:
    """Give each person just the addresses of their contact, in its order.

    `keys` are our rows for the addresses; `known` the people who may have had some before.
    """
    wanted: dict[tuple[int, int], int] = {}
    places: Counter[int] = Counter()
    for contact in contacts:
        person = people[contact.key]
        for value in contact.emails:
            if value not in keys:
                continue
            if (person, keys[value]) not in wanted:
                wanted[person, keys[value]] = places[person]
                places[person] += 1
    before = RecipientAddress.objects.filter(
        recipient__in=known.intersection(people.values()), channel=Channel.EMAIL
    )
    held = {(row.recipient_id, row.address_id): row for row in before}
    stale = {pair for pair, row in held.items() if wanted.get(pair) != row.position}
    if stale:
        RecipientAddress.objects.filter(pk__in=[held[pair].pk for pair in stale]).delete()
    rows = [
        (*pair, Channel.EMAIL.value, position)
        for pair, position in wanted.items()
        if pair not in held or pair in stale
    ]
    insert(RecipientAddress, ("recipient_id", "address_id", "channel", "position"), rows)
    tell(
        [
            Move(recipient_id=person, address_id=place, channel=Channel.EMAIL, is_left=is_left)
            for pairs, is_left in (
                (held.keys() - wanted.keys(), True),
                (wanted.keys() - held.keys(), False),
            )
            for person, place in sorted(pairs)
            if person in known
        ]
    )
