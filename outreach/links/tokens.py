"""Signed tokens for links in messages: they open one page and are worth nothing elsewhere.

A token is `<key id>.<value>.<signature>`, URL-safe and without padding. The value is an opaque
key, never a name or an address: whoever sees the link learns nothing from it. The scope is part of
the salt, so a token of one kind of page does not open another. Nothing here asks the database, so
a flood of forged links costs no query.
"""

import re
from contextlib import suppress
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer

from outreach.conf import conf
from outreach.exceptions import OutreachError
from outreach.links.keys import signing_key

_WORD = r"[A-Za-z0-9_-]"
_VALUE = re.compile(rf"{_WORD}{{1,128}}")
_TOKEN = re.compile(rf"({_WORD}{{1,32}})\.{_WORD}{{1,128}}\.{_WORD}{{43}}")


class Scope(StrEnum):
    """What a link may be used for. Links for unsubscribing never expire (statement 9)."""

    PREFERENCES = "preferences"
    UNSUBSCRIBE = "unsubscribe"


class BadToken(OutreachError):
    """A link that is cut, forged, meant for another page, or signed with a key we do not have."""


def make(scope: Scope, value: str) -> str:
    """The token for `value` (letters, digits, "-" and "_"), signed with the last key of the ring.

    Raises ValueError for any other value, ImproperlyConfigured without a usable key.
    """
    if not _VALUE.fullmatch(value):
        raise ValueError("A token holds 1 to 128 letters, digits, hyphens and underscores.")
    key_id, secret = signing_key()
    return _signer(scope, secret).sign(f"{key_id}.{value}")


def read(scope: Scope, token: str) -> str:
    """The value that was signed for this scope. Raises BadToken."""
    found = _TOKEN.fullmatch(token)
    secret = conf().keys.get(found[1]) if found else None
    if not secret:
        raise BadToken
    try:
        signed = _signer(scope, secret).unsign(token)
    except BadSignature as error:
        raise BadToken from error
    return signed.partition(".")[2]


def key_in(token: str) -> UUID | None:
    """The key in a token of ours, whichever page it opens; None for any other token."""
    for scope in Scope:
        with suppress(BadToken, ValueError):
            return UUID(read(scope, token))
    return None


def _signer(scope: Scope, secret: str) -> Signer:
    # The algorithm and the fallback keys are named: neither a new default of Django nor the
    # host's SECRET_KEY_FALLBACKS may change what an old link is worth.
    return Signer(
        key=secret,
        sep=".",
        salt=f"outreach.links.{scope}",
        algorithm="sha256",
        fallback_keys=[],
    )
