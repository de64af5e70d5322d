"""From a file to the people of a declaration: read, matched with whom we know, and kept.

Nobody is created: whoever is not known is listed. Nor is anything of a stranger kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.declaration import locked_draft
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.resources import COLUMNS, ProofResource, ProofRow
from outreach.preferences.table_file import Refusal, read_into
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Channel, RecipientAddress
from outreach.recipients.table_file import Columns

BATCH = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: `added` people were not in the declaration before."""

    added: int
    known: int
    refusals: tuple[Refusal, ...]
    strangers: tuple[ProofRow, ...]


def take_file(declaration: InterestDeclaration, name: str, data: bytes, *, by: Actor) -> Taken:
    """Put the known people of a CSV or XLSX file into a draft. Raises Refused with the mend."""
    rows, refusals = read_rows(name, data)
    return put_in(declaration, rows, refusals, by=by, name=name)


def put_in(
    declaration: InterestDeclaration,
    rows: Sequence[ProofRow],
    refusals: Sequence[Refusal],
    *,
    by: Actor,
    name: str,
) -> Taken:
    """Put whoever is known of these rows into a draft. Raises as `locked_draft`."""
    added, known, strangers = 0, 0, list[ProofRow]()
    with transaction.atomic():
        draft = locked_draft(declaration, by=by)
        for batch in _batches(rows):
            holders = _holders(draft.tenant, batch)
            strangers += [row for row in batch if row.address not in holders]
            known += sum(row.address in holders for row in batch)
            added += _keep(draft, batch, holders)
        note = f"{added}: {name[:100]} ({len(refusals)} refused, {len(strangers)} not known)"
        record(draft, "declaration.filled", by=by, note=note)
    return Taken(added, known, tuple(refusals), tuple(strangers))


def is_anybody_known(tenant: str, rows: Sequence[ProofRow]) -> bool:
    return any(_holders(tenant, batch) for batch in _batches(rows))


def read_rows(name: str, data: bytes) -> tuple[list[ProofRow], list[Refusal]]:
    """The rows that are proofs, and those that are none. Raises Refused for the whole file."""
    resource = ProofResource()
    refused = read_into(resource, Columns(COLUMNS), name, data)
    return resource.rows, refused


def _holders(tenant: str, rows: Sequence[ProofRow]) -> dict[str, list[RecipientAddress]]:
    """Who is reached at these addresses; of several people, those who are written to there."""
    hashes = {address_hash(Channel.EMAIL, row.address): row.address for row in rows}
    held = RecipientAddress.objects.filter(
        address__tenant=tenant,
        address__channel=Channel.EMAIL,
        address__value_hash__in=list(hashes),
    )
    found: dict[str, list[RecipientAddress]] = {}
    for each in held.select_related("address").order_by("position", "pk"):
        at = found.setdefault(hashes[each.address.value_hash], [])
        if not at or at[0].position == each.position:
            at.append(each)
    return found


def _keep(
    declaration: InterestDeclaration,
    rows: Iterable[ProofRow],
    holders: dict[str, list[RecipientAddress]],
) -> int:
    wanted: dict[int, DeclaredPerson] = {}
    is_there = declaration.channel == Channel.EMAIL  # where the addresses of a file are
    for row in rows:
        for held in holders.get(row.address, []):
            person = DeclaredPerson(
                declaration=declaration,
                recipient_id=held.recipient_id,
                address_id=held.address_id if is_there else None,
                since_on=row.since,
                source=row.source,
                wording=row.wording,
            )
            wanted.setdefault(held.recipient_id, person)
    there = DeclaredPerson.objects.filter(declaration=declaration, recipient__in=list(wanted))
    for recipient_id in there.values_list("recipient", flat=True):
        del wanted[recipient_id]
    DeclaredPerson.objects.bulk_create(wanted.values())
    return len(wanted)


def _batches(rows: Iterable[ProofRow]) -> Iterator[list[ProofRow]]:
    each = iter(rows)
    while batch := list(islice(each, BATCH)):
        yield batch
