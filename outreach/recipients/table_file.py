"""A file with people as somebody uploads it: CSV or a spreadsheet, read within limits."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import tablib  # type: ignore[import-untyped]
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX

from outreach.exceptions import Refused

MOST_ROWS = 20_000
MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 20 * MOST_BYTES
DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Columns:
    """What the heading names, in any order and case; `aliases` are other names for the same."""

    needed: Sequence[str]
    optional: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)


def read_table(name: str, data: bytes, *, columns: Columns) -> tablib.Dataset:
    """The rows of a file, whose first row names these columns among others.

    Raises Refused with the mend.
    """
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than 8 MB. Cut it into several."))
    try:
        table = _as_table(name, data)
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes a library do
        raise Refused(unreadable()) from error
    _check(table, columns)
    return table


def unreadable() -> str:
    return _("This file cannot be read. Save it anew as “CSV UTF-8”.")


def _as_table(name: str, data: bytes) -> tablib.Dataset:
    if data[:4] == b"PK\x03\x04":
        return _from_spreadsheet(data)
    if b"\0" in data:
        raise Refused(_("This is no CSV file in UTF-8. Save it anew as “CSV UTF-8”."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _("“%(name)s” is not saved as UTF-8. Save it anew as “CSV UTF-8”.")
        raise Refused(text % {"name": name[:100]}) from error
    heading = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    try:
        return CSV().create_dataset(text, delimiter=delimiter)
    except tablib.InvalidDimensions as error:
        raise Refused(
            _("A row has more fields than the heading. Put words with a comma into quotes.")
        ) from error
    except csv.Error as error:
        raise Refused(_("This is no CSV file: %(error)s.") % {"error": error}) from error


def _from_spreadsheet(data: bytes) -> tablib.Dataset:
    if not XLSX.is_available():
        raise Refused(_("Spreadsheets cannot be read here. Save it as “CSV UTF-8”."))
    with zipfile.ZipFile(BytesIO(data)) as packed:
        if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
            raise Refused(_("The spreadsheet is too large. Cut it into several."))
    return XLSX().create_dataset(data)


def _check(table: tablib.Dataset, columns: Columns) -> None:
    """The heading has our columns, each once; rows are there, and not too many."""
    written = ["" if each is None else str(each).strip().lower() for each in table.headers or []]
    heading = [columns.aliases.get(each, each) for each in written]
    wrong = [column for column in columns.needed if heading.count(column) != 1]
    if wrong := wrong + [column for column in columns.optional if heading.count(column) > 1]:
        raise Refused(
            _(
                "The first row has to name the columns %(columns)s, each once. "
                "What is missing, or there twice: %(missing)s."
            )
            % {"columns": ", ".join(columns.needed), "missing": ", ".join(wrong)}
        )
    table.headers = heading
    if not len(table):
        raise Refused(_("The file has a heading, and nobody below it."))
    if len(table) > MOST_ROWS:
        text = _("The file has more than %(most)d rows. Cut it into several.")
        raise Refused(text % {"most": MOST_ROWS})
