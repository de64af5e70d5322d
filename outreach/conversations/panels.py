"""What a person and we said to each other, for the page of that person (D1)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.conversations.models import Conversation
from outreach.recipients import panels
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

MOST = 20


class ConversationsPanel:
    key = "conversations"
    title = gettext_lazy("What they wrote")
    position = 85

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_conversation", "answer_conversation")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        rows = Conversation.objects.filter(recipient=recipient).select_related("owner")
        return Table(
            columns=(_("About"), _("Last message"), _("State"), _("Answered by")),
            rows=tuple(
                (
                    Cell(text=row.subject, url=viewer.page_of(Conversation, row.pk)),
                    Cell(at=row.last_at),
                    Cell(text=row.get_state_display()),
                    Cell(text=str(row.owner or "")),
                )
                for row in rows[:MOST]
            ),
            empty=_("They have not written to us."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        return []


def register_panels() -> None:
    panels.register(ConversationsPanel())
