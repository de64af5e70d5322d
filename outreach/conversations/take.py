"""Make kept mails into messages of conversations: each mail one message, at most once."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.conversations.hand_over import give_up_on_lost
from outreach.conversations.match import Match, match
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.conversations.parse import Mail, Unreadable, parse
from outreach.conversations.waiting import restate
from outreach.history.actor import CUSTOMER
from outreach.history.record import record
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent
from outreach.ledger.settle import note
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.stages import Event, happened
from outreach.senders.models import Sender
from outreach.signals import message_received, nudge
from outreach.tenancy import current_tenant, is_nobodys
from outreach.tracking.storable import storable

logger = logging.getLogger("outreach")

BATCH = 200
State = InboundMail.State


def sweep() -> int:
    """Take in new mails, and mark answers whose hand-over nobody saw the end of."""
    return take_new() + give_up_on_lost()


def take_new() -> int:
    """Take in what was kept; returns how many mails became messages."""
    waiting = InboundMail.objects.filter(state=State.NEW).order_by("pk")[:BATCH]
    return sum(take(mail) for mail in waiting.iterator())


def take(kept: InboundMail) -> bool:
    """Take one mail in; False if that was not to be done, or could not be. Never raises.

    What cannot be read is quarantined, for a person to see.
    """
    try:
        if is_nobodys():
            raise Unreadable("It answers none of our messages, so nobody knows whose it is.")
        mail = parse(kept.raw)
        with transaction.atomic():
            return _take_in(kept, mail)
    except OperationalError as error:
        logger.warning("Mail %s is left for the next sweep: %s", kept.pk, error)
    except Exception as error:
        if not isinstance(error, Unreadable):
            logger.exception("Mail %s could not be read", kept.pk)
        InboundMail.objects.filter(pk=kept.pk, state=State.NEW).update(
            state=State.QUARANTINED, error=storable(f"{type(error).__name__}: {error}", most=250)
        )
    return False


def take_again(mail_ids: list[int]) -> int:
    """Give quarantined mails another try; returns how many are taken in by now."""
    InboundMail.objects.filter(pk__in=mail_ids, state=State.QUARANTINED).update(
        state=State.NEW, error=""
    )
    for mail in InboundMail.objects.filter(pk__in=mail_ids, state=State.NEW).order_by("pk"):
        take(mail)
    return InboundMail.objects.filter(pk__in=mail_ids, state=State.TAKEN).count()


def _take_in(kept: InboundMail, mail: Mail) -> bool:
    if not InboundMail.objects.filter(pk=kept.pk, state=State.NEW).update(state=State.TAKEN):
        return False
    found = match(mail)
    conversation = found.conversation or _conversation_for(found, mail, kept.received_at)
    message = _write(conversation, kept, mail)
    if found.attempt and not mail.is_automatic:
        note(
            found.attempt,
            DeliveryEvent.Kind.REPLIED,
            at=kept.received_at,
            dedupe_key=f"reply:{kept.pk}",
        )
    if conversation.recipient_id and not mail.is_automatic:
        happened(Event.WROTE, [conversation.recipient_id], at=kept.received_at)
    nudge(message_received, message_id=message.pk)
    return True


def _write(conversation: Conversation, kept: InboundMail, mail: Mail) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        mail=kept,
        direction=Message.Direction.IN,
        state=Message.State.RECEIVED,
        is_automatic=mail.is_automatic,
        from_address=mail.from_address,
        answer_to=mail.answer_to,
        to_address=next(iter(mail.to_addresses), ""),
        text=mail.text,
        message_id=mail.message_id,
        at=kept.received_at,
    )
    row = Conversation.objects.filter(pk=conversation.pk)
    row.filter(last_at__lt=message.at).update(last_at=message.at)
    restate(conversation.pk)
    verb = "received an automatic message" if mail.is_automatic else "received"
    record(conversation, verb, by=CUSTOMER)
    return message


def _conversation_for(found: Match, mail: Mail, at: datetime) -> Conversation:
    """The conversation about a message of ours, or a new one.

    One that only a machine has begun waits for nobody: it starts out closed.
    """
    delivery = found.attempt.delivery if found.attempt else None
    if delivery:
        # Two answers to one message that come at the same time make one conversation.
        Delivery.objects.select_for_update().get(pk=delivery.pk)
        if known := Conversation.objects.filter(delivery=delivery).order_by("pk").first():
            return known
    is_waiting = not mail.is_automatic
    return Conversation.objects.create(
        tenant=found.recipient.tenant if found.recipient else current_tenant(),
        recipient=found.recipient,
        delivery=delivery,
        owner=_owner(found),
        channel=Channel.EMAIL,
        subject=mail.subject[:250] or _("(no subject)"),
        state=Conversation.State.OPEN if is_waiting else Conversation.State.CLOSED,
        last_at=at,
    )


def _owner(found: Match) -> Sender | None:
    """Who signed what is answered; else who wrote to this person last (B6)."""
    if found.attempt:
        return found.attempt.delivery.run.campaign.sender
    if found.recipient is None:
        return None
    last = _sent_to(found.recipient).order_by("-handed_over_at").first()
    return last.delivery.run.campaign.sender if last else None


def _sent_to(recipient: Recipient) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        delivery__recipient=recipient, handed_over_at__isnull=False
    ).select_related("delivery__run__campaign__sender")
