"""Calls for a script that plays the part of recipients: the same events as the buttons.

Each needs the server token in the header X-Mailbox-Story, which no foreign page can send.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from . import settings
from .happen import CannotHappenError, deliver_rest, happen
from .models import Copy, Kind, Message, SentBack
from .received import message_id_header
from .request_json import NotJSONError, TooLargeError, read_json

MAX_LISTED = 5000


class RefusedError(Exception):
    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def _call(method: str) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    def decorate(answer: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(answer)
        def view(request: HttpRequest, **kwargs: str) -> HttpResponse:
            try:
                _check(request, method)
                return JsonResponse(answer(request, **kwargs), safe=False)
            except RefusedError as error:
                return JsonResponse({"error": str(error)}, status=error.status)

        return view

    return decorate


def _check(request: HttpRequest, method: str) -> None:
    token = request.headers.get("X-Mailbox-Story", "")
    if not constant_time_compare(token, settings.MAILBOX_SERVER_TOKEN):
        raise RefusedError("Send the server token in the header X-Mailbox-Story.", status=401)
    if request.method != method:
        raise RefusedError(f"This address takes {method} only.", status=405)


@_call("GET")
def messages(request: HttpRequest) -> Any:
    """GET messages?to=ADDRESS&after=CURSOR: oldest first, at most MAX_LISTED.

    The cursor is the MessageID of the last one seen, or an instant in ISO 8601 with its offset.
    """
    found = Message.objects.order_by("pk").prefetch_related("copies")
    if to := request.GET.get("to", "").strip().lower():
        found = found.filter(copies__mailbox=to)
    if after := request.GET.get("after", "").strip():
        found = _after(found, after)
    return [_as_json(message) for message in found[:MAX_LISTED]]


@_call("POST")
def event(request: HttpRequest, message_id: str, verb: str) -> Any:
    """POST messages/MESSAGE_ID/VERB, with {"text": ..., "recipient": ...} where it matters."""
    asked = _body(request)
    copy = _copy(message_id, asked.get("recipient", ""))
    if verb not in Kind.values:
        raise RefusedError(f"Nothing is called {verb!r}; try {', '.join(Kind.values)}.", status=404)
    try:
        return _result(happen(copy, Kind(verb), asked.get("text", "")))
    except CannotHappenError as error:
        raise RefusedError(str(error), status=422) from error


@_call("POST")
def rest(request: HttpRequest) -> Any:
    """POST deliver-rest: how many were delivered and bounced, and how many requests failed."""
    done = deliver_rest()
    return {
        "delivered": done.outcomes[Kind.DELIVERED],
        "bounced": done.outcomes[Kind.HARD_BOUNCE],
        "failed": done.failed,
        "stopped": done.stopped,
    }


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"error": "There is nothing at this address."}, status=404)


def _body(request: HttpRequest) -> dict[str, str]:
    if request.META.get("CONTENT_LENGTH") in {None, "", "0"}:
        return {}
    try:
        data = read_json(request)
    except NotJSONError as error:
        raise RefusedError("The body is not JSON.") from error
    except TooLargeError as error:
        raise RefusedError("The body is too large.", status=413) from error
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise RefusedError('The body is to be an object of texts, like {"text": "Yes, please."}.')
    return data


def _copy(message_id: str, recipient: str) -> Copy:
    """The copy of the named recipient, or of the first one."""
    try:
        copies = Copy.objects.filter(message__message_id=message_id)
    except (ValidationError, ValueError):
        copies = Copy.objects.none()
    if recipient:
        copies = copies.filter(mailbox=recipient.lower())
    copy = copies.select_related("message").order_by("pk").first()
    if copy is None:
        raise RefusedError("There is no such message.", status=404)
    return copy


def _after(found: QuerySet[Message], cursor: str) -> QuerySet[Message]:
    try:
        seen = Message.objects.filter(message_id=uuid.UUID(cursor)).values_list("pk", flat=True)
    except ValueError:
        return found.filter(submitted_at__gt=_instant(cursor))
    if not seen:
        raise RefusedError("There is no message with the MessageID given as after.", status=404)
    return found.filter(pk__gt=seen[0])


def _instant(text: str) -> datetime:
    try:
        # In a query string an unescaped plus sign arrives as a space.
        instant = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        instant = None
    if instant is None or timezone.is_naive(instant):
        raise RefusedError("after is to be a MessageID, or an instant in ISO 8601 with offset.")
    return instant


def _result(sent: SentBack) -> dict[str, Any]:
    return {
        "id": sent.pk,
        "kind": sent.kind,
        "ok": sent.is_ok,
        "url": sent.url,
        "status": sent.status_code,
        "answer": sent.answer,
        "error": sent.error,
    }


def _as_json(message: Message) -> dict[str, Any]:
    return {
        "MessageID": str(message.message_id),
        "MessageIDHeader": message_id_header(message),
        "SubmittedAt": message.submitted_at.isoformat(),
        "From": message.sender,
        "To": message.to,
        "Cc": message.cc,
        "Bcc": message.bcc,
        "ReplyTo": message.reply_to,
        "Subject": message.subject,
        "Headers": message.headers,
        "Tag": message.tag,
        "Metadata": message.metadata,
        "MessageStream": message.message_stream,
        "TextBody": message.text_body,
        "HtmlBody": message.html_body,
        "Recipients": [
            {"Email": copy.address, "Outcome": copy.outcome} for copy in message.copies.all()
        ],
    }
