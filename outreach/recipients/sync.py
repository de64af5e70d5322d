"""Keep our people in step with the CRM's contacts: one by one on signals, all in a sweep."""

import logging
from collections.abc import Iterable, Set
from operator import attrgetter
from uuid import uuid4

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils import timezone

from outreach.recipients.bulk_insert import insert
from outreach.recipients.hashing import address_hash
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
from outreach.recipients.sources import BATCH, ContactSource, HostContact, RawContact, sources
from outreach.recipients.sweeping import Sweep, begin

logger = logging.getLogger("outreach")

COPIED = ("name", "given_name", "family_name", "company", "language", "time_zone", "country")
LIMITS = {name: getattr(Recipient._meta.get_field(name), "max_length", None) for name in COPIED}
COLUMNS = tuple(f.attname for f in Recipient._meta.concrete_fields if not f.primary_key)
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
_columns = attrgetter(*COLUMNS)


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
    """Read all contacts of one source, then mark those that the CRM no longer has.

    Goes on where an earlier sweep was killed. Returns 0 at once where another one is at work.
    """
    sweep = begin(source.key, total=source.queryset().count())
    if sweep is None:
        return 0
    try:
        changed = sum(
            _sync_and_note(source, batch, sweep) for batch in source.batches(sweep.cursor)
        )
        _mark_the_gone(source, seen=sweep.seen())
        sweep.finish()
    finally:
        sweep.let_go()
    return changed


def _sync_and_note(source: ContactSource, batch: list[RawContact], sweep: Sweep) -> int:
    changed, failed = _sync_each_that_can_be(source, batch)
    sweep.advance(batch[-1].key, seen=len(batch), failed=failed)
    return changed


def _sync_each_that_can_be(source: ContactSource, batch: list[RawContact]) -> tuple[int, int]:
    """Write a batch; where something in it cannot be, find what it is and write the others.

    Returns how many were written, and how many could not be.
    """
    try:
        return _sync_batch(source, batch), 0
    except (DatabaseError, ValueError, TypeError) as error:
        if isinstance(error, OperationalError):
            raise
        if len(batch) == 1:
            why = type(error).__name__
            logger.error("Contact %s of %s could not be kept: %s", batch[0].key, source.key, why)
            return 0, 1
    half = len(batch) // 2
    parts = [_sync_each_that_can_be(source, part) for part in (batch[:half], batch[half:])]
    return sum(changed for changed, _ in parts), sum(failed for _, failed in parts)


def _mark_the_gone(source: ContactSource, *, seen: int) -> None:
    """Mark whose contact the CRM has no more.

    Asked of the CRM key by key, in batches, and only if we know more contacts than it has: no
    query joins its tables with ours, which may be in another database, or hold other keys.
    """
    links = ContactLink.objects.filter(source=source.key, gone_at__isnull=True)
    if links.count() <= seen:
        return
    last = 0
    while rows := list(
        links.filter(pk__gt=last).order_by("pk").values_list("pk", "contact_key")[:BATCH]
    ):
        last = rows[-1][0]
        live = source.live_keys(key for _, key in rows)
        gone = [pk for pk, key in rows if key not in live]
        links.filter(pk__in=gone).update(gone_at=timezone.now())


def sync_keys(source: ContactSource, keys: Iterable[str]) -> int:
    """Read these contacts again; a key that the CRM no longer has is marked as gone."""
    wanted = set(keys)
    found = source.raw_contacts(wanted)
    changed = _sync_batch(source, found)
    gone = wanted - {raw.key for raw in found}
    links = ContactLink.objects.filter(source=source.key)
    links.filter(contact_key__in=gone, gone_at__isnull=True).update(gone_at=timezone.now())
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
    rows = list(links.values_list("contact_key", "digest", "gone_at"))
    held = {key: digest for key, digest, _ in rows}
    changed = {raw.key: raw for raw in batch if held.get(raw.key) != raw.digest}
    if changed:
        try:
            _write(source, changed, known=changed.keys() & held.keys())
        except IntegrityError:
            _write(source, changed, known=changed.keys())
    back = [key for key, _, gone_at in rows if gone_at]
    if back:
        links.filter(contact_key__in=back).update(gone_at=None)
    return len(changed)


def _write(source: ContactSource, found: dict[str, RawContact], *, known: Set[str]) -> None:
    """Lock whom we know already, then read both sides again, so that nothing newer is undone.

    Whom we do not know needs no second look: who is made by another sync meanwhile is made
    twice, which the database refuses to the later one.
    """
    with transaction.atomic():
        held = _lock(source, known)
        changed = {key: raw for key, raw in found.items() if key not in held} | {
            raw.key: raw
            for raw in (source.raw_contacts(held) if held else ())
            if held[raw.key].digest != raw.digest
        }
        contacts = [source.contact_of(raw) for raw in changed.values()]
        digests = {key: raw.digest for key, raw in changed.items()}
        if contacts:
            people = _write_people(source, contacts, held, digests)
            _write_addresses(people, contacts, {link.recipient_id for link in held.values()})


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
    for contact in contacts:
        if link := held.get(contact.key):
            _copy_into(link.recipient, contact)
            link.digest, link.is_opted_out = digests[contact.key], contact.is_opted_out
            link.synced_at = timezone.now()
    known = [contact.key for contact in contacts if contact.key in held]
    Recipient.objects.bulk_update(
        {held[key].recipient_id: held[key].recipient for key in known}.values(),
        [*COPIED, *OF_ORDERS],
    )
    ContactLink.objects.bulk_update(
        [held[key] for key in known], ["digest", "is_opted_out", "synced_at"]
    )
    people = {key: held[key].recipient_id for key in known}
    people |= _make_people(source, [each for each in contacts if each.key not in held], digests)
    return people


def _copy_into(person: Recipient, contact: HostContact) -> Recipient:
    for name in COPIED:
        setattr(person, name, getattr(contact, name)[: LIMITS[name]])
    keep_order(person, contact)
    return person


def _make_people(
    source: ContactSource, contacts: list[HostContact], digests: dict[str, str]
) -> dict[str, int]:
    """One row in memory does for all: making a model's instance costs as much as the INSERT."""
    now, person = timezone.now(), Recipient()
    blank = {name: getattr(person, name) for name in OF_ORDERS}
    made = []
    for contact in contacts:
        vars(person).update(blank, public_id=uuid4())
        made.append(_columns(_copy_into(person, contact)))
    keys = insert(Recipient, COLUMNS, made)
    rows = [
        ("", source.key, source.model, each.key, key, digests[each.key], each.is_opted_out, now)
        for each, key in zip(contacts, keys, strict=True)
    ]
    insert(ContactLink, LINK_COLUMNS, rows)
    return {each.key: key for each, key in zip(contacts, keys, strict=True)}


def _write_addresses(people: dict[str, int], contacts: list[HostContact], known: set[int]) -> None:
    """Give each person just the addresses of their contact, in its order."""
    keys = _keys_of_addresses(contacts)
    wanted = {
        (people[contact.key], keys[value]): position
        for contact in contacts
        for position, value in enumerate(contact.emails)
    }
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


def _keys_of_addresses(contacts: list[HostContact]) -> dict[str, int]:
    """Our row for each address of these contacts, made where there is none."""
    hashes = {value: address_hash(Channel.EMAIL, value) for c in contacts for value in c.emails}
    rows = Address.objects.filter(channel=Channel.EMAIL, value_hash__in=list(hashes.values()))
    known = dict(rows.values_list("value_hash", "pk"))
    new = {hashed: value for value, hashed in hashes.items() if hashed not in known}
    now = timezone.now()
    made = insert(
        Address,
        ("tenant", "channel", "value", "value_hash", "normaliser", "created_at"),
        [("", Channel.EMAIL.value, new[hashed], hashed, VERSION, now) for hashed in sorted(new)],
    )
    known |= dict(zip(sorted(new), made, strict=True))
    return {value: known[hashed] for value, hashed in hashes.items()}
