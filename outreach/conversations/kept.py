"""A kept mail for a person to look at, or to open in a mail program."""

import base64
import json
from dataclasses import dataclass

MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class KeptFile:
    content: bytes
    content_type: str
    suffix: str


def as_file(raw: str) -> KeptFile:
    """The mail as it came; where there was none to be found, what the provider posted."""
    kept = json.loads(raw)
    if "mime" not in kept:
        posted = json.dumps(kept.get("payload"), indent=2)
        return KeptFile(posted.encode(), "application/json", "json")
    mime: str = kept["mime"]
    is_base64 = kept.get("is_base64")
    content = base64.b64decode(mime) if is_base64 else mime.encode("utf-8", "replace")
    return KeptFile(content, "message/rfc822", "eml")


def as_text(raw: str) -> str:
    """The beginning of it, as plain text."""
    return as_file(raw).content[:MOST_SHOWN].decode("utf-8", "replace")
