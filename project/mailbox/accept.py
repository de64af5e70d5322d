"""Takes a checked message in: refuses inactive addresses, stores it, answers as Postmark does."""

from typing import Any

from django.db import transaction

from .addresses import Party
from .models import Copy, Inactive, Message
from .received import visible_text
from .submission import RefusedError, Submission, read_submission

INACTIVE_RECIPIENT = 406
_WHY_INACTIVE = (
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
)


def accept(data: Any) -> dict[str, Any]:
    """Postmark's answer to one message; raises RefusedError."""
    submission = read_submission(data)
    with transaction.atomic():
        inactive = _inactive(submission)
        active = [
            (line, party)
            for line, party in submission.recipients
            if party.address.lower() not in inactive
        ]
        if not active:
            raise RefusedError(
                INACTIVE_RECIPIENT,
                "You tried to send to recipient(s) that have been marked as inactive. "
                f"Found inactive addresses: {', '.join(inactive)}. {_WHY_INACTIVE}",
            )
        message = _store(submission, active)
    return _answer(message, inactive)


def _inactive(submission: Submission) -> list[str]:
    mailboxes = [party.address.lower() for _, party in submission.recipients]
    found = set(Inactive.objects.filter(mailbox__in=mailboxes).values_list("mailbox", flat=True))
    return [mailbox for mailbox in mailboxes if mailbox in found]


def _store(submission: Submission, active: list[tuple[Copy.Line, Party]]) -> Message:
    texts = submission.texts
    message = Message.objects.create(
        sender=texts["From"],
        to=texts["To"],
        cc=texts["Cc"],
        bcc=texts["Bcc"],
        reply_to=texts["ReplyTo"],
        subject=texts["Subject"],
        html_body=texts["HtmlBody"],
        text_body=texts["TextBody"],
        snippet=_snippet(texts["TextBody"] or texts["HtmlBody"], is_html=not texts["TextBody"]),
        headers=submission.headers,
        tag=texts["Tag"],
        metadata=submission.metadata,
        message_stream=texts["MessageStream"] or "outbound",
        attachments=submission.attachments,
    )
    Copy.objects.bulk_create(
        Copy(
            message=message,
            mailbox=party.address.lower(),
            address=party.address,
            name=party.name,
            search_key=f"{party.name} {party.address}".casefold(),
            line=line,
        )
        for line, party in active
    )
    return message


def _snippet(body: str, *, is_html: bool) -> str:
    beginning = body[:20_000]
    if is_html:
        beginning = visible_text(beginning)
    return " ".join(beginning[:2_000].split())[:160]


def _answer(message: Message, inactive: list[str]) -> dict[str, Any]:
    answer = {
        "To": message.to,
        "SubmittedAt": message.submitted_at.isoformat(),
        "MessageID": str(message.message_id),
        "ErrorCode": 0,
        "Message": "OK",
    }
    if message.cc:
        answer["Cc"] = message.cc
    if inactive:
        answer["Message"] = (
            "Message OK, but will not deliver to these inactive addresses: "
            f"{', '.join(inactive)}. {_WHY_INACTIVE}"
        )
    return answer
