"""The unsubscribe control that a mail program shows beside the sender (RFC 8058)."""

import re

from .models import Message
from .received import header

FORM_BODY = "List-Unsubscribe=One-Click"
# RFC 8058 asks for HTTPS; on this machine alone plain HTTP is taken as well.
_WEB_ADDRESS = re.compile(r"<\s*(https?://[^>\s]+)\s*>", re.IGNORECASE)


def one_click_url(message: Message) -> str:
    """Where to POST, or the empty text when both headers are not there (RFC 8058, 3.1)."""
    if "".join(header(message, "List-Unsubscribe-Post").split()).lower() != FORM_BODY.lower():
        return ""
    found = _WEB_ADDRESS.search(header(message, "List-Unsubscribe"))
    return found.group(1) if found else ""
