"""Hand an answer to the provider, once, and keep what came of it (statements 3 and 11)."""

from datetime import datetime

from anymail.message import AnymailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.conf import conf
from outreach.conversations.letter import build
from outreach.conversations.models import Message
from outreach.conversations.waiting import restate
from outreach.dispatch.mailer import mailer
from outreach.dispatch.outcome import Fate, HandedOver, outcome_of
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record
from outreach.senders.models import Sender
from outreach.signals import message_accepted, nudge

State = Message.State
OPEN_ENDED = (State.SENDING, State.UNKNOWN)
NOT_SENT = {"rejected", "invalid", "failed"}


def hand_over(message: Message, sender: Sender) -> None:
    """Send one written answer; every failure becomes a state with a plain reason."""
    try:
        connection = mailer()
        letter = build(message, sender, connection)
    except Exception as error:  # nothing has left yet
        settle(message, HandedOver(Fate.NOT_SENT, detail=type(error).__name__))
        return
    try:
        with connection:
            letter.send()
    except Exception as error:
        settle(message, outcome_of(error))
    else:
        settle(message, _outcome(letter))


def settle(message: Message, result: HandedOver) -> None:
    """Write what came of a hand-over; a webhook that was faster keeps its word."""
    provider_id = result.provider_message_id[:200]
    if result.fate is Fate.ACCEPTED:
        accept(message, at=timezone.now(), provider_message_id=provider_id)
    else:
        is_unknown = result.fate is Fate.UNKNOWN
        _move(
            message,
            State.UNKNOWN if is_unknown else State.REFUSED,
            by=SYSTEM,
            detail=_in_words(result),
        )


def accept(
    message: Message, *, at: datetime, provider_message_id: str = "", by: Actor = SYSTEM
) -> bool:
    """The answer went out; False if its end was known before."""
    with transaction.atomic():
        if provider_message_id:
            Message.objects.filter(pk=message.pk, provider_message_id="").update(
                provider_message_id=provider_message_id
            )
        if not _move(message, State.ACCEPTED, by=by, accepted_at=at):
            return False
        restate(message.conversation_id)
        nudge(message_accepted, message_id=message.pk)
    return True


def settle_unknown(message: Message, *, went_out: bool, by: Actor) -> bool:
    """A person found out what became of an answer; False if it is settled already."""
    if went_out:
        return accept(message, at=message.at, by=by)
    return _move(message, State.REFUSED, by=by, frm=(State.UNKNOWN,))


def give_up_on_lost() -> int:
    """Answers whose hand-over nobody saw the end of: visible as unknown, never sent again."""
    late = Message.objects.filter(
        direction=Message.Direction.OUT,
        state=State.SENDING,
        at__lt=timezone.now() - conf().lease_within,
    ).select_related("conversation")
    detail = _("We do not know whether it went out: our side stopped while it was being sent.")
    return sum(
        _move(message, State.UNKNOWN, by=SYSTEM, frm=(State.SENDING,), detail=detail)
        for message in late[:500]
    )


def _move(
    message: Message,
    to: str,
    *,
    by: Actor,
    frm: tuple[str, ...] = OPEN_ENDED,
    detail: str = "",
    accepted_at: datetime | None = None,
) -> bool:
    with transaction.atomic():
        won = Message.objects.filter(pk=message.pk, state__in=frm).update(
            state=to, detail=detail[:250], accepted_at=accepted_at
        )
        if won:
            record(message.conversation, f"answer {to}", by=by, note=detail)
    return bool(won)


def _outcome(letter: AnymailMessage) -> HandedOver:
    status = getattr(letter, "anymail_status", None)  # not set by backends other than Anymail's
    said: set[str] = getattr(status, "status", None) or set()
    if said and said <= NOT_SENT:
        return HandedOver(Fate.REFUSED, detail=", ".join(sorted(said)))
    return HandedOver(
        Fate.ACCEPTED, provider_message_id=str(getattr(status, "message_id", "") or "")
    )


def _in_words(result: HandedOver) -> str:
    if result.fate is Fate.NOT_SENT:
        text = _("It was not sent: the e-mail provider could not be reached (%s). Try again.")
    elif result.fate is Fate.REFUSED:
        text = _("It was not sent: the e-mail provider refused it (%s).")
    else:
        text = _("We do not know whether it went out: the provider gave no clear answer (%s).")
    return text % result.detail
