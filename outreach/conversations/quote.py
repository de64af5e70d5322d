"""Fold away what a mail quotes, for display only: the whole text stays, and decides nothing."""

import re
from dataclasses import dataclass
from itertools import islice

MOST_LINES = 2_000
LONGEST_HEADER = 300
_SAID = re.compile(
    r"(on|il|el|le|am|в|\d).{0,200}"
    # ruff: noqa: RUF001  (Cyrillic is meant)
    r"(wrote|ha scritto|escribió|a écrit|schrieb|написал(а|\(а\))?|пишет)\s?:?$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"-{2,}\s?(original message|messaggio originale|mensaje original|forwarded message"
    r"|исходное сообщение)\s?-{2,}|_{20,}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`said` is shown, `quoted` behind a fold; together they are the text."""

    said: str
    quoted: str


def fold(text: str) -> Folded:
    """Cut before the first line that is quoted, or that announces a quotation.

    Nothing is folded where nothing would be left to see.
    """
    lines = text.split("\n")
    for number, line in enumerate(islice(lines, MOST_LINES)):
        if _begins_quotation(line.strip()):
            said = "\n".join(lines[:number]).rstrip()
            return Folded(said, "\n".join(lines[number:])) if said else Folded(text, "")
    return Folded(text, "")


def _begins_quotation(line: str) -> bool:
    if line.startswith(">"):
        return True
    short = line[:LONGEST_HEADER]
    return bool(_SAID.match(short) or _DIVIDER.match(short))
