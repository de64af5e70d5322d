"""Anymail's webhook addresses, made so that no mail is lost where Anymail cannot parse it.

Include this in place of `anymail.urls`. Anymail takes a mail apart before it tells anybody, and
raises on a good tenth of real mails; the provider would then send the same again, in vain.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from anymail.signals import AnymailEvent, inbound
from anymail.urls import urlpatterns as anymail_urlpatterns
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest
from django.urls import URLPattern

from outreach.conversations.keep import keep_payload, what_was_posted
from outreach.conversations.take import take
from outreach.conversations.whose import whose
from outreach.tenancy import tenancy

logger = logging.getLogger("outreach")

app_name = "anymail"

MOST_BYTES = 60 * 1024 * 1024
LONGEST_HEADER = 5_000
HEADERS = {"subject", "name", "value", "from", "to", "cc"}


class KeepsWhatFails:
    """Mixed into an inbound view: runs after the request was found to be the provider's."""

    esp_name: str

    def parse_events(self, request: HttpRequest) -> list[AnymailEvent]:
        _read_large(request)
        payload = _payload(request)
        if not _has_endless_header(payload):
            try:
                events: list[AnymailEvent] = super().parse_events(request)  # type: ignore[misc]
            except (SuspiciousOperation, ImproperlyConfigured, OSError):
                raise  # not a matter of the mail: the provider may well send it again
            except Exception:
                logger.warning("Anymail could not read a mail of %s", self.esp_name, exc_info=True)
            else:
                return events
        for tenant in whose(what_was_posted(payload)):
            with tenancy().activate(tenant):
                take(keep_payload(payload, self.esp_name))
        return []


def _guarded(pattern: URLPattern) -> URLPattern:
    view: Any = pattern.callback.view_class  # type: ignore[attr-defined]
    if view.signal is inbound:
        view = type(view.__name__, (KeepsWhatFails, view), {"__module__": __name__})
    # What is kept is committed before it is acted on, whatever the host says of its requests.
    callback = transaction.non_atomic_requests(view.as_view())
    return URLPattern(pattern.pattern, callback, name=pattern.name)


def _is_json(request: HttpRequest) -> bool:
    return not str(request.content_type).startswith(("multipart/", "application/x-www-form"))


def _read_large(request: HttpRequest) -> None:
    """A photo in a mail is past Django's limit for a body; here the sender has proved itself."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if limit and _is_json(request) and limit < length <= MOST_BYTES:
        request._body = request.read()


def _payload(request: HttpRequest) -> Any:
    if not _is_json(request):
        return request.POST.dict()
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return request.body.decode("utf-8", "replace")


def _has_endless_header(payload: Any) -> bool:
    """Python's parser of headers needs minutes for a subject of a megabyte: it is not asked."""
    if isinstance(payload, Mapping):
        return any(
            (isinstance(value, str) and name.lower() in HEADERS and len(value) > LONGEST_HEADER)
            or _has_endless_header(value)
            for name, value in payload.items()
        )
    return isinstance(payload, list) and any(map(_has_endless_header, payload))


urlpatterns = [_guarded(pattern) for pattern in anymail_urlpatterns]
