"""What a hand-over came to, as far as the provider's answer lets us know."""

from dataclasses import dataclass
from enum import StrEnum

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError


class Fate(StrEnum):
    """ACCEPTED and REFUSED are sure. NOT_SENT is sure too, and may be tried again.

    UNKNOWN may have gone out: it is never sent again blindly (statement 3).
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`is_our_fault` marks what would befall every message: the whole run is held."""

    fate: Fate
    provider_message_id: str = ""
    detail: str = ""
    is_our_fault: bool = False


def outcome_of(error: Exception) -> HandedOver:
    """Read a failure. The detail never holds an address: it is the status and the kind alone."""
    status = getattr(error, "status_code", None)
    detail = f"{type(error).__name__} {status or ''}".strip()
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return HandedOver(Fate.REFUSED, detail=detail)
    if _never_connected(error):
        return HandedOver(Fate.NOT_SENT, detail=detail, is_our_fault=True)
    if status in (401, 403, 404, 429):
        return HandedOver(Fate.NOT_SENT, detail=detail, is_our_fault=True)
    if isinstance(status, int) and 400 <= status < 500:
        return HandedOver(Fate.REFUSED, detail=detail)
    if isinstance(error, AnymailError) and not isinstance(error, AnymailAPIError):
        # Raised before any request was made, and so it would be for every message.
        return HandedOver(Fate.NOT_SENT, detail=detail, is_our_fault=True)
    return HandedOver(Fate.UNKNOWN, detail=detail)


def _never_connected(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, ConnectTimeout):
            return True
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if isinstance(error, NotConnected) and isinstance(reason, NewConnectionError):
            return True
        if isinstance(error, ConnectionRefusedError):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
