"""What stays of a contact whose person was erased: a keyed hash that its next sync meets (B12)."""

from collections.abc import Iterable

from outreach.recipients.hash_only import kept_out
from outreach.recipients.hashing import address_hash, keyed_hash
from outreach.recipients.models import Address, Channel, ContactLink
from outreach.recipients.sources import ContactSource, HostContact

_MARK = "erased:"


def tombstone_of(source_key: str, contact_key: str) -> str:
    """The key of a link that leads to nobody any more; it tells nothing of the contact."""
    return f"{_MARK}{keyed_hash(f'{source_key}:{contact_key}')}"


def erased_keys(source: ContactSource, keys: Iterable[str]) -> set[str]:
    """Those of these contacts whose person was erased."""
    stones = ContactLink.objects.filter(source=source.key, contact_key__startswith=_MARK)
    if not stones.exists():
        return set()
    named = {tombstone_of(source.key, key): key for key in keys}
    found = stones.filter(contact_key__in=named).values_list("contact_key", flat=True)
    return {named[stone] for stone in found}


def erased_emails(contacts: Iterable[HostContact]) -> set[str]:
    """Those of their addresses that were erased: the hash is held, and the value kept out."""
    hashes = {address_hash(Channel.EMAIL, value): value for c in contacts for value in c.emails}
    known = Address.objects.filter(channel=Channel.EMAIL, value_hash__in=list(hashes))
    gone = Address.objects.filter(pk__in=kept_out(known))
    return {hashes[hashed] for hashed in gone.values_list("value_hash", flat=True)}
