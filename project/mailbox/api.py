"""Postmark's HTTP API: POST email, email/batch and the refusals of the rest."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from . import settings
from .accept import accept
from .request_json import NotJSONError, TooLargeError, read_json
from .submission import INVALID_FIELDS, RefusedError

BAD_TOKEN = 10
INVALID_JSON = 402
TOO_MANY_IN_BATCH = 410
TEMPLATE_NOT_FOUND = 1101
MAX_BATCH = 500


def _call(answer: Callable[[Any], Any]) -> Callable[..., HttpResponse]:
    """A call of the API: checks method, token and media type, and gives the answer in JSON."""

    @csrf_exempt
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            _check(request)
            return JsonResponse(answer(read_json(request)), safe=False)
        except RefusedError as error:
            response = JsonResponse(error.as_json(), status=error.status)
            if error.status == 405:
                response["Allow"] = "POST"
            return response
        except NotJSONError:
            refused = RefusedError(INVALID_JSON, "Invalid JSON")
        except TooLargeError:
            refused = RefusedError(300, "The request is larger than 10 MB.", status=413)
        return JsonResponse(refused.as_json(), status=refused.status)

    return view


def _check(request: HttpRequest) -> None:
    if request.method != "POST":
        raise RefusedError(300, "This address takes POST only.", status=405)
    token = request.headers.get("X-Postmark-Server-Token", "")
    if not constant_time_compare(token, settings.MAILBOX_SERVER_TOKEN):
        raise RefusedError(
            BAD_TOKEN,
            "The Server Token you provided in the X-Postmark-Server-Token request header "
            "was invalid.",
            status=401,
        )
    if request.content_type != "application/json":
        raise RefusedError(INVALID_JSON, "The Content-Type must be application/json.", status=415)


@_call
def email(data: Any) -> Any:
    return accept(data)


@_call
def batch(data: Any) -> Any:
    """Each message is answered for itself; the call as a whole succeeds."""
    if not isinstance(data, list):
        raise RefusedError(INVALID_FIELDS, "Invalid request field(s) - the list of messages")
    if len(data) > MAX_BATCH:
        raise RefusedError(TOO_MANY_IN_BATCH, f"A batch may hold {MAX_BATCH} messages at most.")
    return [_answer(item) for item in data]


@_call
def template(data: Any) -> Any:
    """No template is ever stored here, so none is found."""
    raise RefusedError(
        TEMPLATE_NOT_FOUND,
        "The TemplateId or TemplateAlias associated with this request is not valid or was "
        "not found.",
    )


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"Message": "There is nothing at this address."}, status=404)


def _answer(item: Any) -> dict[str, Any]:
    try:
        return accept(item)
    except RefusedError as error:
        return error.as_json()
