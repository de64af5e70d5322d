"""Take apart what a provider posted, where Anymail could not make a mail of it.

Anymail builds its mails with a parser that refuses what real mail contains (an empty Message-ID,
a header given twice). The fields that providers post name the same things in a few ways.
"""

from collections.abc import Mapping
from typing import Any

from outreach.conversations.mime import pieces_of_mime
from outreach.conversations.pieces import Pieces

WHOLE = ("RawEmail", "body-mime", "email", "content")
FROM = ("From", "from", "sender")
TO = ("To", "to", "recipient")
SUBJECT = ("Subject", "subject")
TEXT = ("TextBody", "body-plain", "text")
HTML = ("HtmlBody", "body-html", "html")
DELIVERED_TO = ("OriginalRecipient", "recipient")


def pieces_of_payload(payload: Any) -> Pieces | None:
    """None if this is no mail in any form that is known here."""
    if not isinstance(payload, Mapping):
        return None
    delivered_to = _first(payload, DELIVERED_TO)
    if whole := _first(payload, WHOLE):
        raw = whole.encode("utf-8", "surrogatepass")
        return pieces_of_mime(raw, return_path=None, delivered_to=delivered_to)
    fields = {"from": FROM, "to": TO, "subject": SUBJECT, "reply-to": ("ReplyTo",)}
    named = [(name, value) for name, names in fields.items() if (value := _first(payload, names))]
    text, html = _first(payload, TEXT), _first(payload, HTML)
    if not (named and (text or html or _first(payload, SUBJECT))):
        return None
    headers = _headers(payload.get("Headers"))
    return Pieces(
        headers=[*named, *(each for each in headers if each[0] not in fields)],
        text=text or None,
        html=html or None,
        attachments=_attachments(payload.get("Attachments")),
        return_path=_return_path(headers),
        delivered_to=delivered_to,
    )


def _first(payload: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = (payload.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value), "")


def _headers(given: Any) -> list[tuple[str, str]]:
    """Postmark's list of {Name, Value}."""
    rows = given if isinstance(given, list) else []
    return [
        (str(row.get("Name", "")).lower(), str(row.get("Value", "")))
        for row in rows
        if isinstance(row, Mapping)
    ]


def _return_path(headers: list[tuple[str, str]]) -> str | None:
    return next((value.strip(" <>") for name, value in headers if name == "return-path"), None)


def _attachments(given: Any) -> list[str]:
    rows = given if isinstance(given, list) else []
    return [str(row.get("Name", "")) for row in rows if isinstance(row, Mapping)]
