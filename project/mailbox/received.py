"""A message as its recipient gets it: headers, and the HTML part made ready to be framed."""

import re
from email.utils import format_datetime
from html import unescape

from django.utils.html import strip_tags

from .models import Copy, Message

# Written by the provider from fields of the call, whatever the caller's own headers say.
_OURS = {"from", "to", "cc", "bcc", "reply-to", "subject", "date", "mime-version", "message-id"}
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype\b[^>]*>", re.IGNORECASE)
_CID = re.compile(r"\bcid:([^\s\"'<>()]+)", re.IGNORECASE)
_INVISIBLE = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
LONGEST_READ_HTML = 200_000
# Links open in the window around the frame: that is where a form or a login can work.
_BASE = '<base target="_top">'


def header(message: Message, name: str) -> str:
    """The value of the caller's own header, or the empty text."""
    for field in message.headers:
        if field["Name"].lower() == name.lower():
            return str(field["Value"])
    return ""


def message_id_header(message: Message) -> str:
    """`<MessageID@mtasv.net>`; the caller's own Message-ID only with X-PM-KeepID: true."""
    own = header(message, "Message-ID").strip()
    if own and header(message, "X-PM-KeepID").strip().lower() == "true":
        return own
    return f"<{message.message_id}@mtasv.net>"


def headers(copy: Copy) -> list[tuple[str, str]]:
    """Names and values in the order in which the recipient's mail program shows them."""
    message = copy.message
    given = [
        ("Message-ID", message_id_header(message)),
        ("Date", format_datetime(message.submitted_at)),
        ("From", message.sender),
        ("To", message.to),
        ("Cc", message.cc),
        ("Reply-To", message.reply_to),
        ("Subject", message.subject),
    ]
    own = [
        (field["Name"], str(field["Value"]))
        for field in message.headers
        if field["Name"].lower() not in _OURS and field["Name"].lower() != "x-pm-keepid"
    ]
    ours = [("X-PM-Message-Id", str(message.message_id)), ("MIME-Version", "1.0")]
    return [(name, value) for name, value in [*given, *own, *ours] if value]


def html_for_frame(message: Message) -> str:
    """The HTML part with its embedded images in place and its links opening in the window."""
    html = _CID.sub(lambda found: _embedded(message, found), message.html_body)
    place = _HEAD.search(html) or _DOCTYPE.match(html)
    at = place.end() if place else 0
    return html[:at] + _BASE + html[at:]


def _embedded(message: Message, found: re.Match[str]) -> str:
    for attachment in message.attachments:
        content_id = attachment["ContentID"].removeprefix("cid:").strip("<>")
        if content_id and content_id == found.group(1):
            return f"data:{attachment['ContentType']};base64,{attachment['Content']}"
    return found.group()


def visible_text(html: str) -> str:
    """The words of an HTML part, without tags, styles and title."""
    return unescape(strip_tags(_INVISIBLE.sub(" ", html[:LONGEST_READ_HTML]))).strip()


def frame_height(message: Message) -> str:
    """`short`, `medium` or `tall`: how high the frame is made, since no script may measure it."""
    length = len(message.text_body) or len(message.html_body) // 3
    return "short" if length < 300 else "medium" if length < 1200 else "tall"
