"""What a file with people's data says of each; rooms to the right may add to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from outreach.recipients.models import Recipient, RecipientAddress


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and for some people at once the text of each, by key; absent is empty."""

    heading: str
    texts: Callable[[Sequence[Recipient]], Mapping[int, str]]


def _own(field: str) -> Column:
    return Column(field, lambda people: {each.pk: str(getattr(each, field)) for each in people})


def _addresses(people: Sequence[Recipient]) -> dict[int, str]:
    held = RecipientAddress.objects.filter(recipient__in=people).exclude(address__value="")
    found: dict[int, str] = {}
    rows = held.order_by("position", "pk").values_list("recipient", "address__value")
    for person, value in rows:
        found[person] = f"{found[person]}, {value}" if person in found else value
    return found


OWN = ("name", "given_name", "family_name", "company", "language", "country", "stage")
_columns: dict[str, Column] = {
    column.heading: column for column in (*map(_own, OWN), Column("addresses", _addresses))
}


def register(column: Column) -> None:
    """Add a column. The same heading again replaces it."""
    _columns[column.heading] = column


def columns() -> tuple[Column, ...]:
    return tuple(_columns.values())
