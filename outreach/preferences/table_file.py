"""A table that somebody brings as a file, read into a resource of import-export."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from import_export.resources import Resource

from outreach.exceptions import Refused
from outreach.recipients import table_file
from outreach.recipients.table_file import Columns, unreadable


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, numbered as a spreadsheet numbers it, and why."""

    number: int
    address: str
    why: str


def read_into(resource: Resource, columns: Columns, name: str, data: bytes) -> list[Refusal]:
    """Have import-export read the rows into `resource`; returns those that it refused.

    Raises Refused, with the mend, for a file that cannot be read at all.
    """
    table = table_file.read_table(name, data, columns=columns)
    result = resource.import_data(table, dry_run=False, use_transactions=False)
    if result.base_errors:
        raise Refused(unreadable())
    place = table.headers.index("address")
    every = [*columns.needed, *columns.optional]
    return [_refusal(row, place, every) for row in result.invalid_rows if any(row.values)]


def _refusal(invalid: Any, place: int, columns: Sequence[str]) -> Refusal:
    """A row of import-export's result, with what each column lacks; `place` is the address's."""
    found = invalid.error.message_dict
    why = [f"{column} {text}" for column in columns for text in found.get(column, [])]
    address = "".join(filter(str.isprintable, str(invalid.values[place] or "")))[:100]
    return Refusal(invalid.number + 1, address, "; ".join(why))
