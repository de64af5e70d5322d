"""The address an answer comes back to: it says by itself which message was answered.

`r+<kind><key><signature>@domain`, all lower-case since mail systems may change case, and at most
64 characters before the "@" (RFC 5321, 4.5.3.1.1).
"""

import base64
import re
from typing import Literal
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from outreach.conf import conf
from outreach.links.keys import signing_key

Kind = Literal["c", "d"]
"""d: an Attempt of a campaign; c: a Message of a conversation."""

_SALT = "outreach.links.reply"
_ADDRESS = re.compile(r"r\+(?P<kind>[cd])(?P<key>[0-9a-f]{32})(?P<signature>[a-z2-7]{26})@.*")


def reply_address(kind: Kind, key: UUID) -> str:
    """Where an answer to this message is sent; signed with the last key of the ring."""
    _key_id, secret = signing_key()
    return f"r+{kind}{key.hex}{_signature(kind, key.hex, secret)}@{conf().reply_domain}"


def read_reply_address(address: str) -> tuple[Kind, UUID] | None:
    """Which message an address that we made answers; None for any other. Never raises.

    The domain is not looked at: the signature is the proof, and answers to old messages still
    come in after the domain was changed.
    """
    found = _ADDRESS.fullmatch(address.strip().lower())
    if not found:
        return None
    kind: Kind = "c" if found["kind"] == "c" else "d"
    for secret in filter(None, conf().keys.values()):
        if constant_time_compare(found["signature"], _signature(kind, found["key"], secret)):
            return kind, UUID(found["key"])
    return None


def _signature(kind: Kind, key_hex: str, secret: str) -> str:
    """128 bits of HMAC-SHA-256: the whole would not fit into a local part."""
    digest = salted_hmac(_SALT, kind + key_hex, secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
