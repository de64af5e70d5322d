"""Read a kept mail: what it says, from whom, and to which of our messages."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from outreach.conversations.automatic import is_automatic
from outreach.conversations.html_text import text_of_html
from outreach.conversations.mime import pieces_of_mime
from outreach.conversations.payload import pieces_of_payload
from outreach.conversations.pieces import (
    MOST_OF_A_LIST,
    Pieces,
    address_in,
    addresses_in,
    message_ids_in,
    readable,
)
from outreach.exceptions import OutreachError
from outreach.tracking.storable import storable

MOST_TEXT = 200_000
MOST_NAMED = 20


class Unreadable(OutreachError):
    """There is no mail in it that we could find; a person has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What matters of a mail, safe to store; nothing of it is to be trusted.

    `answers` are the ids of messages that it answers, the nearest first. `answer_to` is empty
    unless it differs from `from_address`.
    """

    from_address: str
    answer_to: str
    to_addresses: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    answers: tuple[str, ...]
    is_automatic: bool


def parse(raw: str) -> Mail:
    """Read what `keep` stored. Raises Unreadable; hostile mail may make it raise anything."""
    pieces = _take_apart(json.loads(raw))
    from_address = address_in(pieces.first("from"))[:320]
    answer_to = address_in(pieces.first("reply-to"))[:320]
    subject = readable(pieces.first("subject"))
    text = _text(pieces)
    if not (from_address or subject or text):
        raise Unreadable("It is empty: no sender, no subject and no text.")
    return Mail(
        from_address=from_address,
        answer_to="" if answer_to.lower() == from_address.lower() else answer_to,
        to_addresses=_to_addresses(pieces),
        subject=subject,
        text=text,
        message_id=next(iter(message_ids_in(pieces.first("message-id"))), ""),
        answers=_answers(pieces),
        is_automatic=is_automatic(pieces, from_address=from_address, subject=subject),
    )


def addressees(kept: dict[str, Any]) -> tuple[str, ...]:
    """Every address that what `keep` stores may have been sent to. Raises as `parse` does."""
    return _to_addresses(_take_apart(kept))


def _take_apart(kept: dict[str, Any]) -> Pieces:
    whole = kept.get("mime")
    if whole is None:
        pieces = pieces_of_payload(kept.get("payload"))
        if pieces is None:
            raise Unreadable("There is no mail in what the provider sent.")
        return pieces
    return pieces_of_mime(
        base64.b64decode(whole)
        if kept.get("is_base64")
        else whole.encode("utf-8", "surrogatepass"),
        return_path=kept.get("return_path"),
        delivered_to=kept.get("delivered_to") or "",
    )


def _to_addresses(pieces: Pieces) -> tuple[str, ...]:
    """Every address that it may have been sent to, the envelope's first."""
    fields = pieces.every("delivered-to", "x-original-to", "to", "cc", "bcc")
    found = [
        pieces.delivered_to.strip(" <>"),
        *(a for value in fields for a in addresses_in(value)),
    ]
    return tuple(dict.fromkeys(storable(address, most=320) for address in found if address))


def _answers(pieces: Pieces) -> tuple[str, ...]:
    direct = message_ids_in(" ".join(pieces.every("in-reply-to")))
    before = message_ids_in(pieces.first("references")[-MOST_OF_A_LIST:])
    return tuple(dict.fromkeys([*direct, *reversed(before)]))[:50]


def _text(pieces: Pieces) -> str:
    text = pieces.text or ""
    if not text.strip() and pieces.html:
        text = text_of_html(pieces.html)
    text = "\n".join(storable(text, most=MOST_TEXT).splitlines()).strip()
    if names := [readable(name) or "?" for name in pieces.attachments[:MOST_NAMED]]:
        text = f"{text}\n\n[{', '.join(names)}]".strip()
    return text
