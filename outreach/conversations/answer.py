"""A person's answer: written down first, then handed to the provider."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.conf import conf
from outreach.conversations.hand_over import hand_over
from outreach.conversations.letter import last_heard, message_id_for
from outreach.conversations.models import Conversation, Message
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.recipients.normalise import BadAddress, normalise_email
from outreach.senders.models import Sender
from outreach.tenancy import new_key

MOST_TEXT = 50_000


def answer(
    conversation: Conversation,
    text: str,
    *,
    by: Actor,
    key: UUID | None = None,
    seen: int | None = None,
) -> Message:
    """Send a person's answer; the message returned says what came of it.

    With the `key` of an answer that exists, that one is returned and nothing is sent: a button
    pressed twice. Raises Conflict if a message came in, or went out, after the one with the id
    `seen`; Refused, in words for staff, where nothing can be sent.
    """
    message, sender = _written(conversation, text, by=by, key=key or new_key(), seen=seen)
    if sender is not None:
        hand_over(message, sender)
        message.refresh_from_db()
    return message


def answer_address(conversation: Conversation) -> str:
    """Where an answer goes. Raises Refused where there is no such address."""
    if conversation.recipient and conversation.recipient.erased_at:
        raise Refused(_("This person asked us to erase their data. There is no one to write to."))
    heard = last_heard(conversation)
    address = heard.answer_to or heard.from_address if heard else ""
    try:
        normalise_email(address)
    except BadAddress as error:
        raise Refused(
            _("This message came without an address that we could answer. Try the phone.")
        ) from error
    return address


def signer(conversation: Conversation, by: Actor) -> Sender:
    """Who signs: the owner of the conversation, else whoever answers it. Raises Refused (B6)."""
    if conversation.owner and conversation.owner.is_active:
        return conversation.owner
    own = [s for s in Sender.objects.filter(is_active=True) if by.key and str(s.user_id) == by.key]
    if own:
        return own[0]
    raise Refused(_("Nobody signs this conversation yet. Choose who answers it, then send."))


def _written(
    conversation: Conversation, text: str, *, by: Actor, key: UUID, seen: int | None
) -> tuple[Message, Sender | None]:
    """The answer as it is kept before anything goes out; without a sender if it was there."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not by.is_person:
        raise Refused(_("Only a person answers a customer."))
    if not text:
        raise Refused(_("There is nothing to send yet. Write your answer first."))
    if len(text) > MOST_TEXT:
        raise Refused(_("This is too long for one message. Shorten it, or send it in two."))
    try:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation.pk)
            if known := _known(conversation, key):
                return known, None
            _refuse_if_moved_on(conversation, seen)
            sender = signer(conversation, by)
            return _create(conversation, text, sender, by=by, key=key), sender
    except IntegrityError:  # the same button, pressed twice at once
        if known := _known(conversation, key):
            return known, None
        raise


def _create(
    conversation: Conversation, text: str, sender: Sender, *, by: Actor, key: UUID
) -> Message:
    message = Message(
        conversation=conversation,
        key=key,
        direction=Message.Direction.OUT,
        state=Message.State.SENDING,
        from_address=conf().from_email,
        to_address=answer_address(conversation),
        text=text,
        author_key=by.key,
        author_name=by.name,
        at=timezone.now(),
    )
    message.message_id = message_id_for(message)
    message.save(force_insert=True)
    Conversation.objects.filter(pk=conversation.pk).update(last_at=message.at, owner=sender)
    record(conversation, "answer written", by=by)
    return message


def _known(conversation: Conversation, key: UUID) -> Message | None:
    return conversation.messages.filter(key=key).first()


def _refuse_if_moved_on(conversation: Conversation, seen: int | None) -> None:
    later = conversation.messages.filter(pk__gt=seen) if seen is not None else None
    message = later.order_by("pk").first() if later is not None else None
    if message is None:
        return
    if message.direction == Message.Direction.IN:
        raise Conflict(_("Another message came in while you wrote. Read it, then send."))
    raise Conflict(
        _("%(name)s answered while you wrote. Read it, then send if it is still needed.")
        % {"name": message.author_name}
    )
