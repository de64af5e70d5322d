"""The absolute addresses that go into messages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.conf import conf
from outreach.links.paths import path_to
from outreach.links.short_lived import make_short_lived
from outreach.links.tokens import Scope, make


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLinks:
    """The ways out of one message, each for its reader alone."""

    preferences_url: str
    unsubscribe_url: str
    why_url: str
    go_on_url: str


def preferences_url(key: UUID) -> str:
    """Where the reader of the attempt `key` says what they want to hear (B11)."""
    return _absolute(Scope.PREFERENCES, key)


def unsubscribe_url(key: UUID) -> str:
    """Where a POST stops the topic of the attempt `key` (RFC 8058, 3.1)."""
    return _absolute(Scope.UNSUBSCRIBE, key)


def for_message(key: UUID) -> MessageLinks:
    """All links of the attempt `key`; the reason stands on the preference page (B5)."""
    preferences = preferences_url(key)
    return MessageLinks(
        preferences_url=preferences,
        unsubscribe_url=unsubscribe_url(key),
        why_url=f"{preferences}#why",
        go_on_url=f"{preferences}#go-on",
    )


def short_lived_url(scope: Scope, key: UUID, *, at: datetime) -> str:
    """Where the reader of a mail sent `at` is let in for an hour."""
    token = make_short_lived(scope, key.hex, at=at)
    return conf().base_url.rstrip("/") + path_to(scope.value, token)


def _absolute(scope: Scope, key: UUID) -> str:
    """BASE_URL names the site as customers reach it, a script prefix included."""
    return conf().base_url.rstrip("/") + path_to(scope.value, make(scope, key.hex))
