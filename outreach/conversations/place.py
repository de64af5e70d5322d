"""What only a person can settle: whose conversation it is, and who of us answers it."""

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.conversations.models import Conversation
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.recipients.find import recipients_at
from outreach.recipients.models import Channel, Recipient
from outreach.senders.models import Sender


def place(conversation: Conversation, address: str, *, by: Actor) -> Recipient:
    """Say whose messages these are, by an address we hold. Raises Refused, or Conflict."""
    people = list(recipients_at(Channel.EMAIL, address, tenant=conversation.tenant)[:2])
    if not people:
        raise Refused(_("We know nobody with this address."))
    if len(people) > 1:
        raise Refused(_("Several people share this address. Give one that is theirs alone."))
    (recipient,) = people
    with transaction.atomic():
        won = Conversation.objects.filter(pk=conversation.pk, recipient__isnull=True).update(
            recipient=recipient
        )
        if not won:
            raise Conflict(_("Somebody else said already whose messages these are."))
        record(conversation, "placed", by=by, note=str(recipient.public_id))
    return recipient


def hand_to(conversation: Conversation, sender: Sender, *, by: Actor) -> None:
    """Let another of us answer from now on. Raises Refused for who may not sign any more."""
    if not sender.is_active:
        raise Refused(_("%(name)s does not sign messages any more.") % {"name": sender.name})
    with transaction.atomic():
        changed = Conversation.objects.filter(pk=conversation.pk).exclude(owner=sender)
        if changed.update(owner=sender):
            record(conversation, "handed over", by=by, note=sender.name)
