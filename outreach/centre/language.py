"""In which language, and by whose clock, a page speaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from outreach.recipients.models import Recipient

SPOKEN = ("en", "it", "es", "ru")


@contextmanager
def speaking_to(recipient: Recipient) -> Iterator[None]:
    """Words and dates inside are those of this person."""
    with translation.override(language_of(recipient)), timezone.override(zone_of(recipient)):
        yield


def language_of(recipient: Recipient) -> str:
    """The language we know a person by; English where we do not speak theirs."""
    return _spoken(recipient.language) or SPOKEN[0]


def language_of_browser(request: HttpRequest) -> str:
    """For pages that may not say whom they are for. Reads the header alone, no cookie."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return next(filter(None, (_spoken(code) for code, _weight in asked)), SPOKEN[0])


def zone_of(recipient: Recipient) -> ZoneInfo:
    """Where a person's days begin and end; the host's own zone where we do not know."""
    try:
        return ZoneInfo(recipient.time_zone)
    except (ValueError, KeyError, OSError):
        return ZoneInfo(timezone.get_default_timezone_name())


def _spoken(code: str) -> str:
    language = code.replace("_", "-").partition("-")[0].lower()
    return language if language in SPOKEN else ""
