"""What we hold that a person told us in their own words, as their page shows it (D2, D4)."""

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from outreach.centre.link import Link
from outreach.centre.wording import date_html, quoted
from outreach.preferences.models import Source
from outreach.preferences.statements import statements_of
from outreach.preferences.wish_models import Statement

HOW_TOLD = {
    Source.PREFERENCE_PAGE: _("On %(day)s you wrote here:"),
    Source.PHONE: _("On %(day)s you told us on the telephone:"),
}
TOLD = _("On %(day)s you told one of us:")

MOST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """`wanted` and `unwanted` name the topics it was taken to be about; empty means none."""

    key: int
    head: SafeString
    text: str
    is_read: bool
    wanted: str
    unwanted: str


def told(link: Link) -> list[Told]:
    return [_told(statement) for statement in statements_of(link.recipient)[:MOST]]


def _told(statement: Statement) -> Told:
    words = escape(str(HOW_TOLD.get(Source(statement.source), TOLD)))
    ties = list(statement.ties.all())
    return Told(
        key=statement.pk,
        head=mark_safe(words % {"day": date_html(statement.said_at)}),  # noqa: S308  (both escaped)
        text=statement.text,
        is_read=statement.state == Statement.State.READ,
        wanted=quoted([tie.topic.name for tie in ties if tie.is_for]),
        unwanted=quoted([tie.topic.name for tie in ties if not tie.is_for]),
    )
