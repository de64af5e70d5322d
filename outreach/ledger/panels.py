"""What was sent to a person, for the page of that person (D1)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.ledger import reasons
from outreach.ledger.models import Delivery
from outreach.recipients import panels
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

MOST = 20


class MessagesPanel:
    """Of campaigns that were sent, or are being sent; plans are not messages yet."""

    key = "messages"
    title = gettext_lazy("Messages")
    position = 80

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_delivery", "change_delivery")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        rows = (
            Delivery.objects.filter(recipient=recipient, run__started_at__isnull=False)
            .select_related("run__campaign", "address")
            .order_by("-run__started_at", "-pk")
        )
        found = list(rows[: MOST + 1])
        more = Link(_("See all messages"), viewer.list_of(Delivery, recipient=recipient.pk))
        return Table(
            columns=(_("Campaign"), _("Sent from"), _("To"), _("What became of it"), _("Why")),
            rows=tuple(_message(row, viewer) for row in found[:MOST]),
            empty=_("No campaign has been sent to them."),
            more=more if len(found) > MOST and more.url else None,
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        return []


def register_panels() -> None:
    panels.register(MessagesPanel())


def what_became(delivery: Delivery) -> str:
    """The state in words, and that it was marked as spam."""
    words = delivery.get_state_display()
    return _("%(state)s, marked as spam") % {"state": words} if delivery.complained_at else words


def _message(row: Delivery, viewer: Viewer) -> tuple[Cell, ...]:
    return (
        Cell(text=str(row.run.campaign), url=viewer.page_of(Delivery, row.pk)),
        Cell(at=row.run.started_at),
        Cell(text=str(row.address or "")),
        Cell(text=what_became(row)),
        Cell(text=reasons.in_words(row.reason)),
    )
