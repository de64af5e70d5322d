"""Keep a mail as it came, before anybody reads it: no mail is lost because it would not parse."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from anymail.signals import AnymailInboundEvent

from outreach.conversations.models import InboundMail
from outreach.tracking.storable import storable


def keep_mail(event: AnymailInboundEvent, provider: str, kept: dict[str, Any]) -> InboundMail:
    """Store `what_came`, once, however often it comes. Raises if that fails."""
    return _store(provider, kept, _identity(event, provider, kept))


def what_came(event: AnymailInboundEvent) -> dict[str, Any]:
    """All that is kept of a mail."""
    mail = event.message
    return {
        "return_path": _text(lambda: mail.envelope_sender),
        "delivered_to": _text(lambda: mail.envelope_recipient),
        **_whole(event),
    }


def keep_payload(payload: Any, provider: str) -> InboundMail:
    """Store what a provider posted, where Anymail could not make a mail of it."""
    kept = what_was_posted(payload)
    return _store(provider, kept, json.dumps(kept, sort_keys=True, default=str))


def what_was_posted(payload: Any) -> dict[str, Any]:
    return {"payload": payload}


def _store(provider: str, kept: dict[str, Any], identity: str) -> InboundMail:
    row, _is_new = InboundMail.objects.get_or_create(
        dedupe_key=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        defaults={
            "provider": storable(provider, most=40),
            # In ASCII, so that no text in it is refused by any database.
            "raw": json.dumps(kept, default=str),
        },
    )
    return row


def _whole(event: AnymailInboundEvent) -> dict[str, Any]:
    mail, payload = event.message, event.esp_event
    is_known = _text(lambda: mail["From"]) or _text(lambda: mail["Subject"])
    if isinstance(payload, Mapping) and not is_known:
        return {"payload": dict(payload.items())}  # Anymail drops what it does not know
    try:
        # Headers are not folded anew: that takes minutes where a hostile one is long.
        raw: bytes = mail.as_bytes(policy=mail.policy.clone(refold_source="none"))
    except Exception:  # its parsed parts raise whatever their parser does
        return {"payload": dict(payload.items()) if isinstance(payload, Mapping) else str(payload)}
    try:
        return {"mime": raw.decode()}
    except UnicodeDecodeError:
        return {"mime": base64.b64encode(raw).decode(), "is_base64": True}


def _identity(event: AnymailInboundEvent, provider: str, kept: dict[str, Any]) -> str:
    """Equal for the same mail alone, also where two of our addresses got it.

    Its Message-ID does not do by itself: some programs send the same one each time.
    """
    mail = event.message
    if message_id := _text(lambda: mail["Message-ID"]):
        parts = (
            message_id,
            _text(lambda: mail["From"]),
            _text(lambda: mail["Date"]),
            _text(lambda: mail.text),
            _text(lambda: mail.html),
        )
        return json.dumps(parts)
    if event.event_id:
        return json.dumps([provider, event.event_id])
    return json.dumps(kept, sort_keys=True, default=str)


def _text(read: Callable[[], object]) -> str | None:
    """What `read` gives, as text; None also where it raises, as mail parsed by Anymail may."""
    try:
        value = read()
        return None if value is None else str(value)
    except Exception:
        return None
