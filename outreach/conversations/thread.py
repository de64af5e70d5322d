"""A conversation as it is read: one line of messages, ours and theirs."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.conversations.models import Conversation, Message
from outreach.conversations.quote import fold

MOST = 200
IN = Message.Direction.IN


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `said` is shown and `quoted` is folded away; `trouble` is empty if all is well.

    `mail_id` leads to the mail as it came.
    """

    pk: int
    is_ours: bool
    who: str
    address: str
    at: datetime
    said: str
    quoted: str
    note: str
    trouble: str
    is_unknown: bool
    mail_id: int | None


def lines_of(conversation: Conversation) -> list[Line]:
    """The last messages, the oldest first."""
    latest = conversation.messages.order_by("-at", "-pk")[:MOST]
    return [_line(message, conversation) for message in reversed(latest)]


def _line(message: Message, conversation: Conversation) -> Line:
    is_ours = message.direction != IN
    folded = fold(message.text)
    theirs = conversation.recipient.name if conversation.recipient else ""
    return Line(
        pk=message.pk,
        is_ours=is_ours,
        who=message.author_name if is_ours else theirs or message.from_address or _("Somebody"),
        address=message.to_address if is_ours else message.from_address,
        at=message.at,
        said=folded.said or _("(no text)"),
        quoted=folded.quoted,
        note=_note(message),
        trouble=_trouble(message),
        is_unknown=message.state == Message.State.UNKNOWN,
        mail_id=message.mail_id,
    )


def _note(message: Message) -> str:
    if message.is_automatic:
        return _("automatic message")
    is_shown = message.state in (Message.State.ACCEPTED, Message.State.SENDING)
    return str(message.get_state_display()) if is_shown else ""


def _trouble(message: Message) -> str:
    if message.state == Message.State.BOUNCED:
        text = _("It came back, so they have not read it. Try another way to reach them.")
        said = _("The provider says: %s.") % message.detail if message.detail else ""
        return f"{text} {said}".strip()
    if message.state in (Message.State.REFUSED, Message.State.UNKNOWN):
        return message.detail or str(message.get_state_display())
    return ""
