"""Our rows for the addresses of some contacts, looked up once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from outreach.recipients.bulk_insert import insert_with_keys
from outreach.recipients.hash_only import kept_out, write_out
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address, Channel
from outreach.recipients.normalise import VERSION
from outreach.recipients.sources import HostContact
from outreach.tenancy import current_tenant

COLUMNS = ("tenant", "channel", "value", "value_hash", "normaliser", "created_at")


@dataclass(frozen=True, slots=True)
class AddressBook:
    """`hashes` by normalised address; `keys` of our rows by hash, `hollow` those without it.

    A hollow row holds nothing but the hash, as one that came in a list of stops. `erased` are the
    addresses that nobody may have in full again (B12).
    """

    hashes: dict[str, str]
    keys: dict[str, int]
    hollow: set[int]
    erased: set[str]

    def written(self, contacts: Iterable[HostContact]) -> dict[str, int]:
        """Our row for each address of these contacts, made where there is none; of erased none."""
        values = (value for each in contacts for value in each.emails)
        wanted = {value: self.hashes[value] for value in values if value not in self.erased}
        if hollow := self.hollow.intersection(map(self.keys.get, wanted.values())):
            by_hash = {hashed: value for value, hashed in wanted.items()}
            write_out(Address.objects.filter(pk__in=hollow), by_hash)
        made = self._make({v: hashed for v, hashed in wanted.items() if hashed not in self.keys})
        keys = self.keys | made
        return {value: keys[hashed] for value, hashed in wanted.items()}

    def _make(self, hashes: dict[str, str]) -> dict[str, int]:
        """In the order of their hashes: two syncs of the same addresses wait for each other."""
        rows = sorted((hashed, value) for value, hashed in hashes.items())
        tenant, now = current_tenant(), timezone.now()
        made = insert_with_keys(
            Address,
            COLUMNS,
            [(tenant, Channel.EMAIL.value, value, hashed, VERSION, now) for hashed, value in rows],
        )
        return {hashed: key for (hashed, _), key in zip(rows, made, strict=True)}


def address_book(contacts: Iterable[HostContact]) -> AddressBook:
    """Look up every address of these contacts."""
    values = {value for each in contacts for value in each.emails}
    hashes = {value: address_hash(Channel.EMAIL, value) for value in values}
    rows = Address.objects.filter(channel=Channel.EMAIL, value_hash__in=list(hashes.values()))
    held = list(rows.values_list("value_hash", "pk", "value"))
    keys = {hashed: key for hashed, key, _ in held}
    hollow = {key for _, key, value in held if not value}
    out = kept_out(Address.objects.filter(pk__in=hollow)) if hollow else set()
    erased = {value for value, hashed in hashes.items() if keys.get(hashed) in out}
    return AddressBook(hashes=hashes, keys=keys, hollow=hollow, erased=erased)
