"""What a provider's report does to one of our answers (B2, statement 11)."""

from django.db import transaction

from outreach.conversations.hand_over import accept
from outreach.conversations.letter import METADATA_NAME
from outreach.conversations.models import Conversation, Message
from outreach.conversations.waiting import restate
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of, record
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.find import address_row
from outreach.recipients.models import Channel
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report

__all__ = ["METADATA_NAME", "take"]

State = Message.State
MAY_BOUNCE = (State.SENDING, State.UNKNOWN, State.ACCEPTED, State.REFUSED)


def take(report: Report) -> bool:
    """Apply a report to its answer, in any order and as often as it comes; False if not ours."""
    message = _find(report)
    if message is None:
        return False
    if report.effect is Effect.DELIVERED:
        accept(message, at=report.at)
    elif report.effect is not Effect.NONE:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=message.conversation_id)
            if _is_new(message, report):
                _apply(message, report)
    return True


def _find(report: Report) -> Message | None:
    ours = Message.objects.filter(direction=Message.Direction.OUT).select_related(
        "conversation__recipient"
    )
    if report.key:
        return ours.filter(key=report.key).first()
    if not report.message_id:
        return None
    # An id that several messages share tells of none of them.
    found = ours.filter(provider_message_id=report.message_id)[:2]
    return found[0] if len(found) == 1 else None


def _is_new(message: Message, report: Report) -> bool:
    """Whether this befell the answer for the first time: a repeat must undo nothing."""
    verb = f"answer {report.effect}"
    known = history_of(message.conversation).filter(verb=verb, note__startswith=message.key.hex)
    if known.exists():
        return False
    record(message.conversation, verb, by=SYSTEM, note=f"{message.key.hex} {report.detail}")
    return True


def _apply(message: Message, report: Report) -> None:
    recipient = message.conversation.recipient
    address = address_row(Channel.EMAIL, message.to_address, tenant=message.conversation.tenant)
    if report.effect in (Effect.SOFT, Effect.HARD):
        _come_back(message, report)
        if report.effect is Effect.HARD and address:
            suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address)
    elif recipient or address:
        reason = (
            Suppression.Reason.COMPLAINT
            if report.effect is Effect.COMPLAINT
            else Suppression.Reason.UNSUBSCRIBED
        )
        suppress(reason=reason, by=CUSTOMER, recipient=recipient, address=address)


def _come_back(message: Message, report: Report) -> None:
    """The person still waits."""
    won = Message.objects.filter(pk=message.pk, state__in=MAY_BOUNCE).update(
        state=State.BOUNCED, detail=report.detail[:250]
    )
    if won:
        restate(message.conversation_id)
