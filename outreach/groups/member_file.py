"""What a file of people would change in a group: who is added, and why each other row is not.

Nobody is made from a file, nothing of a stranger is kept, and being in a group permits nothing:
whoever refused stays out of every message, and out of what a file brings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from outreach.exceptions import Refused
from outreach.groups.models import ContactGroup, Membership
from outreach.groups.resources import MAY_COME, NEEDED, MemberRow, MemberRows
from outreach.preferences.models import Suppression
from outreach.preferences.passed_on import stops_binding
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Channel, RecipientAddress
from outreach.recipients.table_file import Columns, read_table, unreadable

BATCH = 500
Reason = Suppression.Reason
REFUSED = (Reason.UNSUBSCRIBED, Reason.COMPLAINT, Reason.MANUAL, Reason.ERASED)


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that adds nobody, numbered as a spreadsheet numbers it."""

    number: int
    address: str
    person: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ToAdd:
    number: int
    address: str
    person: str
    recipient_id: int
    why: str


@dataclass(slots=True)
class Difference:
    """Every row is in one of these; a shared address may add several people."""

    to_add: list[ToAdd] = field(default_factory=list)
    already: list[Passed] = field(default_factory=list)
    twice: list[Passed] = field(default_factory=list)
    refusing: list[Passed] = field(default_factory=list)
    strangers: list[Passed] = field(default_factory=list)
    unreadable: list[Passed] = field(default_factory=list)
    unused_columns: list[str] = field(default_factory=list)


def difference(group: ContactGroup, name: str, data: bytes) -> Difference:
    """Read a CSV or XLSX file against a group; nothing is written. Raises Refused."""
    table = read_table(name, data, columns=Columns(NEEDED))
    found = Difference(unused_columns=[c for c in table.headers if c and c not in MAY_COME])
    rows = MemberRows()
    result = rows.import_data(table, dry_run=False, use_transactions=False)
    if result.base_errors:
        raise Refused(unreadable())
    place = table.headers.index("address")
    found.unreadable = [_unreadable(row, place) for row in result.invalid_rows if any(row.values)]
    seen: set[str | int] = set()  # addresses and people
    for batch in _batches(rows.rows):
        _sort(group, batch, seen, found)
    return found


def refuses(person: str = "recipient", address: str = "address") -> Q:
    """Whether a stop other than a bounce binds whoever has an address, at these paths."""
    live = Suppression.objects.filter(
        lifted_at__isnull=True, reason__in=REFUSED, channel__in=["", Channel.EMAIL]
    )
    binding = stops_binding(live, OuterRef(person), OuterRef(address))
    return reduce(or_, (Q(Exists(stops)) for stops in binding))


def _sort(
    group: ContactGroup, rows: Iterable[MemberRow], seen: set[str | int], found: Difference
) -> None:
    fresh = list[MemberRow]()
    for row in rows:
        if row.address in seen:
            found.twice.append(Passed(row.number, row.address))
        else:
            seen.add(row.address)
            fresh.append(row)
    holders = _holders(group, fresh)
    for row in fresh:
        at = holders.get(row.address, [])
        if not at:
            found.strangers.append(Passed(row.number, row.address))
        for held in at:
            _place(row, held, seen, found)


def _place(row: MemberRow, held: RecipientAddress, seen: set[str | int], found: Difference) -> None:
    person = held.recipient
    passed = Passed(row.number, row.address, str(person))
    if getattr(held, "is_member"):  # noqa: B009
        found.already.append(passed)
    elif getattr(held, "is_refused") or person.erased_at:  # noqa: B009
        found.refusing.append(passed)
    elif person.pk in seen:
        found.twice.append(passed)
    else:
        seen.add(person.pk)
        found.to_add.append(ToAdd(row.number, row.address, str(person), person.pk, row.why))


def _holders(group: ContactGroup, rows: list[MemberRow]) -> dict[str, list[RecipientAddress]]:
    """Who is reached at these addresses; of several people, those who are written to there."""
    hashes = {address_hash(Channel.EMAIL, row.address): row.address for row in rows}
    found: dict[str, list[RecipientAddress]] = {}
    for each in _held(group).filter(address__value_hash__in=list(hashes)):
        at = found.setdefault(hashes[each.address.value_hash], [])
        if not at or at[0].position == each.position:
            at.append(each)
    return found


def _held(group: ContactGroup) -> QuerySet[RecipientAddress]:
    is_member = Membership.objects.filter(group=group, recipient=OuterRef("recipient"))
    is_refused = Case(
        When(refuses(), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return (
        RecipientAddress.objects.filter(
            address__tenant=group.tenant, recipient__tenant=group.tenant, channel=Channel.EMAIL
        )
        .annotate(is_member=Exists(is_member), is_refused=is_refused)
        .select_related("address", "recipient")
        .order_by("position", "pk")
    )


def _unreadable(invalid: Any, place: int) -> Passed:
    """A row of import-export's result, with what each column lacks; `place` is the address's."""
    found = invalid.error.message_dict
    why = [f"{column} {text}" for column in MAY_COME for text in found.get(column, [])]
    address = "".join(filter(str.isprintable, str(invalid.values[place] or "")))[:100]
    return Passed(invalid.number + 1, address, why="; ".join(why))


def _batches(rows: Iterable[MemberRow]) -> Iterator[list[MemberRow]]:
    each = iter(rows)
    while batch := list(islice(each, BATCH)):
        yield batch
