"""Reads a form that anybody may have sent."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from outreach.exceptions import OutreachError

MAX_BYTES = 64_000


class BadForm(OutreachError):
    """Not a form that one of our pages or a mail program sends."""


def posted(request: HttpRequest) -> QueryDict:
    """The fields of a POST in either form encoding (RFC 8058, 3.1). Raises BadForm.

    Files are dropped unread, and a body of more than 64,000 bytes is not read at all.
    """
    if not 0 <= _length(request) <= MAX_BYTES:
        raise BadForm
    request.encoding = "utf-8"  # whatever charset the sender names
    request.upload_handlers = []
    try:
        return request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError) as error:
        raise BadForm from error


def is_one_click(form: QueryDict) -> bool:
    """Whether this is the one pair that mail programs send, and nothing besides (RFC 8058, 3.2)."""
    return dict(form.lists()) == {"List-Unsubscribe": ["One-Click"]}


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return -1
