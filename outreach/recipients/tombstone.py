"""What stays of a contact whose person was erased: a keyed hash that its next sync meets (B12)."""

from collections.abc import Iterable

from outreach.recipients.hashing import keyed_hash
from outreach.recipients.models import ContactLink
from outreach.recipients.sources import ContactSource

ERASED = "erased"
"""The source of a link that leads to nobody any more: no host has a model of this name."""


def tombstone_of(source_key: str, contact_key: str) -> str:
    """The key of such a link; it tells nothing of the contact."""
    return keyed_hash(f"{source_key}:{contact_key}")


def erased_keys(source: ContactSource, keys: Iterable[str]) -> set[str]:
    """Those of these contacts whose person was erased."""
    stones = ContactLink.objects.filter(source=ERASED)
    if not stones.exists():
        return set()
    named = {tombstone_of(source.key, key): key for key in keys}
    found = stones.filter(contact_key__in=named).values_list("contact_key", flat=True)
    return {named[stone] for stone in found}
