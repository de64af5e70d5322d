"""Addresses of which nothing is kept but the keyed hash: it still tells when one comes back."""

from collections.abc import Callable, Collection, Iterable

from django.db.models import QuerySet

from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address
from outreach.recipients.normalise import VERSION

Asker = Callable[[Collection[int]], Collection[int]]

_askers: list[Asker] = []


def keep_out(asker: Asker) -> None:
    """Have `asker` say which of these addresses (by key) must not be written out again."""
    if asker not in _askers:
        _askers.append(asker)


def by_hash(channel: str, values: Iterable[str], *, tenant: str = "") -> dict[str, Address]:
    """Our row for each normalised address; where we have none, one is made that holds the hash."""
    hashes = {address_hash(channel, value): value for value in values}
    Address.objects.bulk_create(
        [
            Address(tenant=tenant, channel=channel, value_hash=hashed, normaliser=VERSION)
            for hashed in sorted(hashes)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    rows = Address.objects.filter(tenant=tenant, channel=channel, value_hash__in=list(hashes))
    return {hashes[row.value_hash]: row for row in rows}


def kept_out(rows: QuerySet[Address]) -> set[int]:
    """Those of these addresses, by key, that nobody may have in full again."""
    keys = list(rows.filter(value="").values_list("pk", flat=True))
    return {key for asker in _askers for key in asker(keys)} if keys else set()


def write_out(rows: QuerySet[Address], values: dict[str, str]) -> None:
    """The CRM has these addresses, by hash: keep them in full, unless somebody keeps them out."""
    back = list(rows.filter(value="").exclude(pk__in=kept_out(rows)))
    for row in back:
        row.value, row.normaliser = values[row.value_hash], VERSION
    Address.objects.bulk_update(back, ["value", "normaliser"])
