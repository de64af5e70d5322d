"""Where each provider says what kind of bounce it was: Anymail reports all as `bounced`."""

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]

TYPES: tuple[Path, ...] = (
    ("Type",),  # Postmark: HardBounce, SoftBounce, SpamNotification
    ("SuppressionReason",),  # Postmark, change of a subscription
    ("bounce", "bounceType"),  # Amazon SES: Permanent, Transient, Undetermined
    ("bounce", "bounceSubType"),  # Amazon SES: General, MailboxFull
    ("event-data", "severity"),  # Mailgun: permanent, temporary
    ("event-data", "reason"),  # Mailgun: bounce, suppress-bounce, old
    ("event",),  # Brevo, Mandrill: hard_bounce; Mailtrap: soft bounce
    ("type",),  # SendGrid: bounce, blocked; MailerSend: activity.hard_bounced
    ("bounce_classification",),  # SendGrid: Invalid Address, Reputation
    ("data", "bounce", "type"),  # Resend: Permanent
    ("payload", "status"),  # Postal: HardFail
)
REPLIES: tuple[Path, ...] = (
    ("status",),  # SendGrid: 5.1.1
    ("event-data", "delivery-status", "enhanced-code"),  # Mailgun
    ("event-data", "delivery-status", "code"),
)


def bounce_type_of(esp_event: Any) -> str:
    """The provider's own words for the kind of bounce, joined by "/"; empty where it has none."""
    found = [text for path in TYPES if (text := _text_at(esp_event, path))]
    if isinstance(esp_event, Mapping) and isinstance(esp_event.get("hard_bounce"), bool):
        found.append("hard_bounce" if esp_event["hard_bounce"] else "soft_bounce")  # Mailjet
    return "/".join(found)


def smtp_reply_of(esp_event: Any, mta_response: Any, recipient: str) -> str:
    """All that the receiving server said, with status codes that stand in fields of their own."""
    found = [text for path in REPLIES if (text := _text_at(esp_event, path))]
    found += _ses_statuses(esp_event, recipient)
    return " ".join([*dict.fromkeys(found), str(mta_response or "")]).strip()


def _ses_statuses(esp_event: Any, recipient: str) -> Iterator[str]:
    """One notification of SES may tell of several recipients, each with a status."""
    rows = _at(esp_event, ("bounce", "bouncedRecipients"))
    for row in rows if isinstance(rows, list) else []:
        if _text_at(row, ("emailAddress",)).lower() == recipient.lower():
            yield _text_at(row, ("status",))


def _text_at(data: Any, path: Path) -> str:
    value = _at(data, path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _at(data: Any, path: Path) -> Any:
    for name in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data
