"""Keep what a provider reports, before anything is done about it."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent
from django.utils import timezone

from outreach.recipients.hashing import keyed_hash
from outreach.tracking.models import ProviderEvent
from outreach.tracking.particulars import bounce_type_of, smtp_reply_of
from outreach.tracking.storable import storable
from outreach.tracking.subjects import named_in


def keep(event: AnymailTrackingEvent, provider: str) -> ProviderEvent:
    """Store a report once, however often it comes; returns its row. Raises if that fails."""
    row, _is_new = ProviderEvent.objects.get_or_create(
        dedupe_key=_dedupe_key(event, provider), defaults=_fields(event, provider)
    )
    return row


def _fields(event: AnymailTrackingEvent, provider: str) -> dict[str, Any]:
    kind, key = named_in(event.metadata)
    recipient = storable(event.recipient, most=320)
    return {
        "provider": storable(provider, most=40),
        "event_type": storable(event.event_type, most=40),
        "message_id": storable(event.message_id, most=200),
        "subject_kind": kind,
        "subject_key": storable(key, most=64),
        "happened_at": _instant(event.timestamp),
        "reject_reason": storable(event.reject_reason, most=40),
        "description": storable(event.description, most=250),
        "smtp_reply": storable(
            smtp_reply_of(event.esp_event, event.mta_response, recipient), most=2000
        ),
        "bounce_type": storable(bounce_type_of(event.esp_event), most=60),
    }


def _instant(given: Any) -> datetime:
    if not isinstance(given, datetime):
        return timezone.now()
    return given if timezone.is_aware(given) else given.replace(tzinfo=UTC)


def _dedupe_key(event: AnymailTrackingEvent, provider: str) -> str:
    """Equal for a repeat alone.

    The provider's own id does not do by itself: most of Postmark has none, and one of SES stands
    for all recipients of a message. The address is hashed under the pepper before it goes in.
    """
    parts = (
        provider,
        event.event_type,
        event.event_id or "",
        event.message_id,
        *named_in(event.metadata),
        keyed_hash(str(event.recipient or "").lower()),
        # A provider may send the same event again with another time on it.
        "" if event.event_id else event.timestamp,
        "" if event.event_id else event.description,
    )
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
