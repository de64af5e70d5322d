"""Cells that a spreadsheet takes for text: what begins like a formula gets an apostrophe before it.

import-export strips a leading "=" alone, and with it what the person wrote; here nothing is lost,
and "+", "-", "@", tab and carriage return are seen too, in full-width and small forms as well.
"""

import unicodedata

BEGINS = frozenset("=+-@\t\r\n\N{MINUS SIGN}")
APOSTROPHE = "'"


def defused(value: str) -> str:
    """`value` as a cell; whoever reads it back takes off one apostrophe before such a sign."""
    return APOSTROPHE + value if is_formula(value) else value


def is_formula(value: str) -> bool:
    """Whether a spreadsheet might compute it, also after space that it may trim."""
    for text in (value, value.lstrip()):
        first = unicodedata.normalize("NFKC", text[:1])[:1]
        if first and (first in BEGINS or text[0] in BEGINS):
            return True
    return False
