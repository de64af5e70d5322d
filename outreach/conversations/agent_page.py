"""What the page shows on which a person of ours reads a conversation and answers it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.conversations.answer import answer_address, signer
from outreach.conversations.forms import AnswerForm, HandToForm, PlaceForm
from outreach.conversations.letter import signature
from outreach.conversations.models import Conversation
from outreach.conversations.person import person_of
from outreach.conversations.thread import lines_of
from outreach.exceptions import Refused
from outreach.history.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One line of what waits for an answer; `left` may be empty, `due_at` is then empty too."""

    url: str
    who: str
    subject: str
    left: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    is_here: bool = False


def context_of(conversation: Conversation, *, by: Actor, typed: str = "") -> dict[str, Any]:
    """The thread, the person and the reply box; `typed` is what must not be lost."""
    lines = lines_of(conversation)
    recipient = conversation.recipient
    return {
        "conversation": conversation,
        "lines": lines,
        "person": person_of(conversation, recipient) if recipient else None,
        "heard_from": next((line.address for line in lines if not line.is_ours), ""),
        "place_form": None if recipient else PlaceForm(),
        "hand_to_form": HandToForm(conversation=conversation),
        "answer_form": AnswerForm.fresh(
            seen=max((line.pk for line in lines), default=0), text=typed
        ),
        **_way_out(conversation, by),
    }


def _way_out(conversation: Conversation, by: Actor) -> dict[str, str]:
    """Where an answer goes and how it is signed, or why none can be sent."""
    try:
        goes_to = answer_address(conversation)
    except Refused as refusal:
        return {"cannot": str(refusal)}
    try:
        return {"goes_to": goes_to, "signature": signature(signer(conversation, by))}
    except Refused as refusal:
        return {"goes_to": goes_to, "unsigned": str(refusal)}
