"""In which language, and by whose clock, a page speaks."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation.trans_real import parse_accept_lang_header

from outreach.recipients.language import language_for, language_of, spoken
from outreach.recipients.models import Recipient


@contextmanager
def speaking_to(recipient: Recipient) -> Iterator[None]:
    """Words and dates inside are those of this person."""
    with translation.override(language_for(recipient)), timezone.override(zone_of(recipient)):
        yield


def language_of_browser(request: HttpRequest) -> str:
    """For pages that may not say whom they are for. Reads the header alone, no cookie."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return next(filter(None, (spoken(code) for code, _weight in asked)), language_of(""))


def zone_of(recipient: Recipient) -> ZoneInfo:
    """Where a person's days begin and end; the host's own zone where we do not know."""
    try:
        return ZoneInfo(recipient.time_zone)
    except (ValueError, KeyError, OSError):
        return ZoneInfo(timezone.get_default_timezone_name())
