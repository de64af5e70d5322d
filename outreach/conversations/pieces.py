"""A foreign mail taken apart, whichever way a provider brought it. Nothing here trusts it."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from outreach.tracking.storable import storable

MOST_OF_A_HEADER = 4_000
MOST_OF_A_LIST = 8_000
_SEPARATORS = re.compile(r'[\s<>"(),;:]+')
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,248}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Header names are in lower case; values as they came. None means that there is no such part.

    `return_path` is the sender of the envelope: "" is the empty one of machines (RFC 5321, 4.5.5).
    """

    headers: list[tuple[str, str]] = field(default_factory=list)
    text: str | None = None
    html: str | None = None
    attachments: list[str] = field(default_factory=list)
    return_path: str | None = None
    delivered_to: str = ""

    def every(self, *names: str) -> list[str]:
        """All values of these headers, in the order of the names."""
        return [value for name in names for key, value in self.headers if key == name]

    def first(self, name: str) -> str:
        return next(iter(self.every(name)), "")


def readable(raw: str) -> str:
    """A header as people read it, on one line: encoded words are decoded (RFC 2047)."""
    return " ".join(_decoded(raw, most=MOST_OF_A_HEADER).split())


def address_in(raw: str) -> str:
    """The address of a header with one of them; empty where there is none."""
    text = readable(raw)
    in_brackets = _IN_BRACKETS.findall(text)
    return str(in_brackets[-1]) if in_brackets else next(iter(addresses_in(text)), "")


def addresses_in(raw: str) -> list[str]:
    """All that looks like an address, also in names and comments: to be looked up, not trusted."""
    words = _SEPARATORS.split(_decoded(raw, most=MOST_OF_A_LIST))
    return [word for word in words if "@" in word[1:-1]]


def message_ids_in(raw: str) -> list[str]:
    """Message ids in angle brackets (RFC 5322, 3.6.4), in their order."""
    return _MESSAGE_ID.findall(_decoded(raw, most=MOST_OF_A_LIST))


def _decoded(raw: str, *, most: int) -> str:
    """Also where nothing should be encoded: Anymail writes long ids and addresses that way."""
    text = storable(raw, most=most)
    with suppress(HeaderParseError, LookupError, ValueError):  # else it is taken as it came
        text = str(make_header(decode_header(text))) if "=?" in text else text
    return storable(text, most=most)
