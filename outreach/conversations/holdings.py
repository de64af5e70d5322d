"""What this room holds of a person: what they wrote to us, and what we answered."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.conversations.forget import forget, lock_conversations
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.recipients.held import Coded, Column, Erasure, Holding, Section, register
from outreach.recipients.models import Recipient


class ConversationsHolding(Holding):
    position = 60
    tables = (Conversation, Message, InboundMail)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        rows = Message.objects.filter(conversation__recipient=recipient).select_related(
            "conversation"
        )
        yield Section(
            key="letters",
            title=_("What you wrote to us, and what we answered"),
            columns=(
                Column("at", pgettext("one's own data", "When")),
                Column("direction", _("Who wrote")),
                Column("subject", pgettext("one's own data", "Subject")),
                Column("from", pgettext("one's own data", "From")),
                Column("to", pgettext("one's own data", "To")),
                Column("written_by", _("Written by")),
                Column("text", pgettext("one's own data", "Text")),
            ),
            rows=[
                (
                    row.at,
                    Coded(
                        row.direction,
                        pgettext("one's own data", "you")
                        if row.direction == "in"
                        else pgettext("one's own data", "we"),
                    ),
                    row.conversation.subject,
                    row.from_address,
                    row.to_address,
                    row.author_name,
                    row.text,
                )
                for row in rows.order_by("-at", "-pk")
            ],
            empty=_("Nothing yet."),
        )

    def lock(self, recipient: Recipient) -> None:
        lock_conversations(recipient)

    def erase(self, erasure: Erasure) -> None:
        forget(erasure)


def register_holdings() -> None:
    register(ConversationsHolding())
