"""Addresses as Postmark reads them, with its own words for what is wrong."""

import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

# Postmark publishes the two patterns that it checks; both are ASCII only.
_LOCAL = re.compile(r"[a-z0-9.!#$%&'`*+\-/=^_{}|~]{1,64}", re.IGNORECASE)
_DOMAIN = re.compile(r"(\.?[a-z0-9\-]){1,255}", re.IGNORECASE)
_NEEDS_QUOTES = re.compile(r'[()<>\[\]:;@\\,."]')


class IllegalAddressError(ValueError):
    """The text is not a list of addresses; the message is Postmark's."""


@dataclass(frozen=True)
class Party:
    """A name (may be empty) and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.name:
            return self.address
        name = self.name
        if _NEEDS_QUOTES.search(name):
            name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
        return f"{name} <{self.address}>"

    @property
    def shown_name(self) -> str:
        return self.name or self.address

    @property
    def initial(self) -> str:
        return next((letter for letter in self.shown_name if letter.isalnum()), "?").upper()

    @property
    def mailbox_hash(self) -> str:
        """What follows the plus sign: `12345` in `user+12345@example.com`."""
        return self.address.partition("@")[0].partition("+")[2]


def parse(value: str, field: str) -> list[Party]:
    """The parties in an address header; raises IllegalAddressError in Postmark's words."""
    parties = parse_leniently(value)
    for party in parties:
        _check(party.address, field)
    # The parser drops spaces inside an address; what it made up was not written there.
    made_up = any(party.address not in value for party in parties)
    if made_up or (not parties and value.strip()):
        raise IllegalAddressError(f"Invalid '{field}' address: '{value.strip()}'.")
    return parties


def parse_leniently(value: str) -> list[Party]:
    """As parse, but whatever cannot be an address stays in as it is."""
    return [
        Party(_decoded(name), address) for name, address in getaddresses([value]) if name or address
    ]


def _check(address: str, field: str) -> None:
    local, at, domain = address.rpartition("@")
    if not at:
        raise IllegalAddressError(
            f"Error parsing '{field}': Illegal email address '{address}'. "
            "It must contain the '@' symbol."
        )
    if not _DOMAIN.fullmatch(domain):
        raise IllegalAddressError(
            f"Error parsing '{field}': Illegal email domain '{domain}' in address '{address}'."
        )
    if not _LOCAL.fullmatch(local):
        raise IllegalAddressError(f"Invalid '{field}' address: '{address}'.")


def _decoded(name: str) -> str:
    try:
        return str(make_header(decode_header(name))).encode("utf-8", "replace").decode()
    except (HeaderParseError, LookupError, UnicodeError):
        return name
