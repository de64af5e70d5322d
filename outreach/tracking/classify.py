"""What a provider's report means for us (B2). Pure: no database.

Providers and Anymail call hard and soft bounces alike `bounced`, and disagree with the receiving
server about which it was. So: hard only where something says that the address does not exist and
nothing speaks against it; whatever is in doubt is soft, and suppresses nobody.
"""

import re
from enum import StrEnum

from anymail.signals import EventType, RejectReason


class Effect(StrEnum):
    """NONE for what only tells of progress: queued, deferred, opened, clicked."""

    NONE = "none"
    DELIVERED = "delivered"
    SOFT = "soft"
    HARD = "hard"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"


HARD_TYPES = {
    "hardbounce",
    "hard_bounce",
    "hardfail",
    "activity.hard_bounced",
    "permanent",
    "bademailaddress",
    "invalid address",
}
SOFT_TYPES = {
    "softbounce",
    "soft_bounce",
    "soft bounce",
    "softfail",
    "activity.soft_bounced",
    "transient",
    "temporary",
    "undetermined",
    "blocked",
    "dnserror",
    "spamnotification",
    "virusnotification",
    "mailboxfull",
    "messagetoolarge",
    "contentrejected",
    "attachmentrejected",
    "old",
    "generic",
    "reputation",
    "content",
    "technical",
    "mailbox unavailable",
    "frequency/volume",
}
# RFC 3463, 3.2: X.1.n is about an address, but 7 and 8 are about the sender's, 0 says nothing.
HARD_STATUSES = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
# Full, too large, the network, the content, a policy: nothing about whether the mailbox exists.
SOFT_STATUS = re.compile(r"4\.\d+\.\d+|5\.2\.[23]|5\.1\.[789]|5\.[467]\.\d+")
STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
REPLY_CODE = re.compile(r"(?:^|[\s;:])([245]\d\d)(?=[\s-])")

REJECTED = {
    RejectReason.INVALID: Effect.HARD,
    RejectReason.SPAM: Effect.COMPLAINT,
    RejectReason.UNSUBSCRIBED: Effect.UNSUBSCRIBED,
}
SIMPLE = {
    EventType.DELIVERED: Effect.DELIVERED,
    EventType.COMPLAINED: Effect.COMPLAINT,
    EventType.UNSUBSCRIBED: Effect.UNSUBSCRIBED,
    EventType.FAILED: Effect.SOFT,
}


def classify(
    event_type: str, *, reject_reason: str = "", bounce_type: str = "", smtp_reply: str = ""
) -> Effect:
    """The effect of a report, from Anymail's words and what the provider and the server said."""
    if event_type == EventType.REJECTED:
        return REJECTED.get(reject_reason, Effect.SOFT)
    if event_type == EventType.COMPLAINED and "spamnotification" in _types(bounce_type):
        return Effect.SOFT  # Postmark: a filter called it spam; no person complained
    if event_type == EventType.BOUNCED:
        return Effect.HARD if _is_hard(bounce_type, smtp_reply) else Effect.SOFT
    return SIMPLE.get(event_type, Effect.NONE)


def status_in(smtp_reply: str) -> str:
    """The first enhanced status code (RFC 3463) in a reply; empty without one."""
    found = STATUS.search(smtp_reply)
    return found[0] if found else ""


def _is_hard(bounce_type: str, smtp_reply: str) -> bool:
    types, statuses = _types(bounce_type), set(STATUS.findall(smtp_reply))
    if types & SOFT_TYPES or any(SOFT_STATUS.fullmatch(status) for status in statuses):
        return False
    code = REPLY_CODE.search(smtp_reply)
    if code and code[1].startswith("4"):
        return False
    return bool(types & HARD_TYPES or statuses & HARD_STATUSES)


def _types(bounce_type: str) -> set[str]:
    lower = bounce_type.lower()
    return {lower, *lower.split("/")}
