"""One documented form for every address, so that an opt-out is found again however it is typed.

E-mail, version 1: surrounding space and a `mailto:` go; Unicode is composed (NFC); the domain
becomes lower-case ASCII (IDNA); the local part becomes lower case, its dots and plus-tags stay,
since only its own provider knows what they mean. Anything else than one address raises.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

VERSION = 1
MAX_LENGTH = 320
_SEPARATORS = re.compile(r"[,;\n]+")
# Nine in ten addresses: already in the canonical form but for their case.
_PLAIN = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.ASCII,
)


class BadAddress(ValueError):
    """Nothing can be sent to what stands here."""


def normalise_email(raw: str) -> str:
    """The canonical form of one e-mail address. Raises BadAddress."""
    plain = raw.strip().lower()
    if _PLAIN.fullmatch(plain) and len(plain) <= MAX_LENGTH:
        return plain
    return _normalise_unusual(raw)


def _normalise_unusual(raw: str) -> str:
    text = unicodedata.normalize("NFC", raw).strip().removeprefix("mailto:")
    local, at, domain = text.rpartition("@")
    if not at or len(text) > MAX_LENGTH:
        raise BadAddress
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
        value = f"{local.lower()}@{ascii_domain}"
        validate_email(value)
    except (UnicodeError, ValidationError) as error:
        raise BadAddress from error
    return value


def split_addresses(raw: str) -> list[str]:
    """The addresses of a field in which a CRM keeps several, in their order, bad ones left out."""
    plain = raw.strip().lower()
    if len(plain) <= MAX_LENGTH and _PLAIN.fullmatch(plain):
        return [plain]
    found: dict[str, None] = {}
    for part in _SEPARATORS.split(raw):
        try:
            found[normalise_email(part)] = None
        except BadAddress:
            continue
    return list(found)
