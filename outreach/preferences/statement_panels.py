"""What a person told us in their own words, for the page of that person (D1, D2)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.statement_wording import what_it_is_about
from outreach.preferences.statements import statements_of
from outreach.preferences.wish_models import Statement
from outreach.recipients import panels
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Cell, Link, Table, Viewer

MOST = 30


class StatementsPanel:
    key = "statements"
    title = gettext_lazy("What they said in their own words")
    position = 45

    def is_shown(self, viewer: Viewer) -> bool:
        return viewer.may("view_statement", "add_statement", "change_statement")

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        said = statements_of(recipient)[:MOST]
        return Table(
            columns=(_("When"), _("How we know"), _("Their words"), _("About"), _("To do")),
            rows=tuple(_row(statement, viewer) for statement in said),
            empty=_("Nothing yet. They can tell us on their own page, or you write it down here."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        if recipient.erased_at or not viewer.may("add_statement"):
            return []
        url = viewer.url("outreach_recipient_say", recipient.pk)
        return [Link(_("Write down what they said"), url)]


def register_panels() -> None:
    panels.register(StatementsPanel())


def _row(statement: Statement, viewer: Viewer) -> tuple[Cell, ...]:
    is_new = statement.state == Statement.State.NEW
    to_do = Cell(
        text=_("Say what it is about") if is_new else _("Read it again"),
        url=viewer.url("outreach_statement_tie", statement.pk),
    )
    return (
        Cell(at=statement.said_at),
        Cell(text=statement.get_source_display(), note=statement.actor_name),
        Cell(text=statement.text),
        Cell(text=what_it_is_about(statement) or _("not read yet")),
        to_do if viewer.may("change_statement") else Cell(),
    )
