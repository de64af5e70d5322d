"""Take an RFC 822 mail apart with the parser that never refuses a mail: `email`, in compat32."""

from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from outreach.conversations.pieces import Pieces

MOST_HEADERS = 500
MOST_PARTS = 300
MOST_BYTES = 400_000
NOT_CHARSETS = {"punycode", "idna"}
"""Codecs for names of hosts: slow on long text, and no charset of any mail."""


def pieces_of_mime(raw: bytes, *, return_path: str | None, delivered_to: str) -> Pieces:
    """The headers, the first plain and the first HTML text, and the names of attachments."""
    mail = BytesParser(policy=compat32).parsebytes(raw)
    texts: dict[str, str] = {}
    attachments: list[str] = []
    for part in _leaves(mail):
        kind = part.get_content_type()
        if (name := _file_name(part)) is not None:
            attachments.append(name or kind)
        elif kind in ("text/plain", "text/html") and not texts.get(kind, "").strip():
            texts[kind] = _text_of(part)
    return Pieces(
        headers=[(name.lower(), _undo_escapes(value)) for name, value in _headers(mail)],
        text=texts.get("text/plain"),
        html=texts.get("text/html"),
        attachments=attachments,
        return_path=return_path,
        delivered_to=delivered_to,
    )


def _headers(mail: "Message[Any, Any]") -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in list(mail.raw_items())[:MOST_HEADERS]]


def _leaves(mail: "Message[Any, Any]") -> list["Message[Any, Any]"]:
    """The parts that hold something, in order; a mail within the mail counts as one."""
    leaves, waiting, seen = [], [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() != "message":
            waiting.extend(each for each in reversed(payload) if not isinstance(each, str))
        else:
            leaves.append(part)
    return leaves


def _file_name(part: "Message[Any, Any]") -> str | None:
    """The name of an attachment, maybe empty; None for what is to be read in the mail itself."""
    try:
        name = part.get_filename()
    except (LookupError, ValueError):
        name = ""
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        return name or ""
    return name


def _text_of(part: "Message[Any, Any]") -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    payload = payload[:MOST_BYTES]
    charset = str(part.get_content_charset() or "utf-8")
    try:
        if charset not in NOT_CHARSETS:
            return payload.decode(charset, "replace")
    except (LookupError, ValueError):
        pass  # no such charset
    return payload.decode("utf-8", "replace")


def _undo_escapes(value: str) -> str:
    """Raw 8-bit text in a header, which the parser carries as lone surrogates."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
