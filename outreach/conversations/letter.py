"""An answer as the mail that goes out: plain text, signed by a person with a phone number (B6)."""

from anymail.message import AnymailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _

from outreach.conf import conf
from outreach.conversations.models import Conversation, Message
from outreach.links.reply import reply_address
from outreach.senders.mailbox import mailbox
from outreach.senders.models import Sender

METADATA_NAME = "outreach_message"


def signature(sender: Sender) -> str:
    """What stands under every answer, line by line."""
    return "\n".join(filter(None, [sender.name, sender.role, conf().company_name, sender.phone]))


def build(message: Message, sender: Sender, connection: BaseEmailBackend) -> AnymailMessage:
    """The mail of one answer, in the thread of what it answers (RFC 5322, 3.6.4)."""
    letter = AnymailMessage(
        subject=_answering(message.conversation.subject),
        body=f"{message.text}\n\n{signature(sender)}\n",
        from_email=mailbox(sender.name, message.from_address),
        to=[message.to_address],
        reply_to=[mailbox(sender.name, reply_address("c", message.key))],
        headers={"Message-ID": message.message_id, **_threading(message)},
        connection=connection,
    )
    letter.metadata = {METADATA_NAME: message.key.hex}
    letter.track_opens = letter.track_clicks = False
    return letter


def message_id_for(message: Message) -> str:
    """A Message-ID of our own; providers that replace it still keep the reply address."""
    domain = conf().from_email.rpartition("@")[2] or "localhost"
    return f"<{message.key.hex}@{domain}>"


def last_heard(conversation: Conversation) -> Message | None:
    """The last message that came in; a machine's only where no person wrote."""
    heard = conversation.messages.filter(direction=Message.Direction.IN)
    return heard.order_by("is_automatic", "-at", "-pk").first()


def _threading(message: Message) -> dict[str, str]:
    answered = last_heard(message.conversation)
    if answered is None or not answered.message_id:
        return {}
    return {"In-Reply-To": answered.message_id, "References": answered.message_id}


def _answering(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else _("Re: %s") % subject
