"""Reads one message out of the JSON of the e-mail API, with Postmark's checks and its words."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any

from .addresses import IllegalAddressError, Party, parse
from .models import Copy

INVALID_REQUEST = 300
INVALID_FIELDS = 403
NO_SUCH_STREAM = 1235
MAX_RECIPIENTS = 50
MAX_METADATA = 10

_TEXTS = ("From", "To", "Cc", "Bcc", "Subject", "HtmlBody", "TextBody", "ReplyTo", "Tag")
_ONE_LINE = ("From", "To", "Cc", "Bcc", "Subject", "ReplyTo", "Tag", "MessageStream")
_HEADER_NAME = re.compile(r"[!-9;-~]+")
_CONTROL = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_STREAM = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}", re.IGNORECASE)


class RefusedError(Exception):
    """Postmark's error form: its code, its message, and the HTTP status of a single call."""

    def __init__(self, code: int, message: str, *, status: int = 422) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def as_json(self) -> dict[str, Any]:
        return {"ErrorCode": self.code, "Message": str(self)}


@dataclass(frozen=True)
class Submission:
    """A message that passed every check but the one for inactive addresses."""

    texts: dict[str, str]
    headers: list[dict[str, str]]
    metadata: dict[str, str]
    attachments: list[dict[str, str]]
    recipients: list[tuple[Copy.Line, Party]]


def read_submission(data: Any) -> Submission:
    """Checks the fields of one message; raises RefusedError. Unknown fields are ignored."""
    if not isinstance(data, dict):
        raise RefusedError(INVALID_FIELDS, "Invalid request field(s) - the message")
    texts = {name: _text(data, name) for name in (*_TEXTS, "MessageStream")}
    for name in _ONE_LINE:
        if _CONTROL.search(texts[name]):
            raise RefusedError(INVALID_REQUEST, f"Invalid '{name}': it must be a single line.")
    if texts["MessageStream"] and not _STREAM.fullmatch(texts["MessageStream"]):
        raise RefusedError(NO_SUCH_STREAM, "The 'MessageStream' provided does not exist.")
    sender, recipients = _addresses(texts)
    if not texts["HtmlBody"] and not texts["TextBody"]:
        raise RefusedError(INVALID_REQUEST, "Provide either email TextBody or HtmlBody or both.")
    return Submission(
        texts={**texts, "From": str(sender)},
        headers=_headers(data),
        metadata=_metadata(data),
        attachments=_attachments(data),
        recipients=recipients,
    )


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusedError(INVALID_FIELDS, f"Invalid request field(s) - {name}")
    return value


def _addresses(texts: dict[str, str]) -> tuple[Party, list[tuple[Copy.Line, Party]]]:
    """The sender (the first, where several are given) and each recipient once."""
    try:
        senders = parse(texts["From"], "From")
        parse(texts["ReplyTo"], "Reply-To")
        recipients: dict[str, tuple[Copy.Line, Party]] = {}
        for line in Copy.Line:
            for party in parse(texts[line.label], line.label):
                recipients.setdefault(party.address.lower(), (line, party))
    except IllegalAddressError as error:
        raise RefusedError(INVALID_REQUEST, str(error)) from error
    if not senders:
        raise RefusedError(INVALID_REQUEST, "Invalid 'From' address: ''.")
    if not recipients:
        raise RefusedError(INVALID_REQUEST, "Zero recipients specified")
    if len(recipients) > MAX_RECIPIENTS:
        raise RefusedError(INVALID_REQUEST, f"Too many recipients; at most {MAX_RECIPIENTS}.")
    return senders[0], list(recipients.values())


def _objects(data: dict[str, Any], name: str, required: tuple[str, ...]) -> list[dict[str, str]]:
    """A list of JSON objects whose required keys hold text."""
    items = data.get(name) or []
    if not isinstance(items, list) or not all(
        isinstance(item, dict) and all(isinstance(item.get(key), str) for key in required)
        for item in items
    ):
        raise RefusedError(INVALID_FIELDS, f"Invalid request field(s) - {name}")
    return items


def _headers(data: dict[str, Any]) -> list[dict[str, str]]:
    fields = _objects(data, "Headers", ("Name", "Value"))
    for field in fields:
        if not _HEADER_NAME.fullmatch(field["Name"]) or _CONTROL.search(field["Value"]):
            raise RefusedError(INVALID_REQUEST, f"Invalid header: {field['Name']!r}.")
    return [{"Name": field["Name"], "Value": field["Value"]} for field in fields]


def _metadata(data: dict[str, Any]) -> dict[str, str]:
    metadata = data.get("Metadata") or {}
    if not isinstance(metadata, dict):
        raise RefusedError(INVALID_FIELDS, "Invalid request field(s) - Metadata")
    if any(isinstance(value, dict | list) for value in metadata.values()):
        raise RefusedError(INVALID_FIELDS, "Invalid request field(s) - Metadata")
    texts = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in metadata.items()
    }
    if len(texts) > MAX_METADATA or any(
        len(key) > 20 or len(value) > 80 for key, value in texts.items()
    ):
        raise RefusedError(
            INVALID_REQUEST,
            "Invalid metadata content. There may be 10 fields at most; field names are limited "
            "to 20 characters, and values are limited to 80 characters.",
        )
    return texts


def _attachments(data: dict[str, Any]) -> list[dict[str, str]]:
    attachments = _objects(data, "Attachments", ("Name", "Content", "ContentType"))
    return [_attachment(item) for item in attachments]


def _attachment(item: dict[str, Any]) -> dict[str, str]:
    media_type = item["ContentType"].partition(";")[0].strip()
    try:
        content = base64.b64decode("".join(item["Content"].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError(INVALID_REQUEST, "An attachment is not valid Base64.") from error
    if not _CONTENT_TYPE.fullmatch(media_type) or _CONTROL.search(item["Name"]):
        raise RefusedError(INVALID_REQUEST, f"Invalid attachment: {item['Name']!r}.")
    return {
        "Name": item["Name"],
        "Content": base64.b64encode(content).decode(),
        "ContentType": media_type,
        "ContentID": str(item.get("ContentID") or ""),
    }
