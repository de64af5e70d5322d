"""What we hold that a person told us in their own words, as their page shows it (D2, D4)."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from outreach.centre.link import Link
from outreach.centre.wording import date_html, quoted
from outreach.preferences.models import Source
from outreach.preferences.statements import statements_of
from outreach.preferences.wish_models import Statement, StatementTopic
from outreach.prepared import Prepared, asked_key

HOW_TOLD = {
    Source.PREFERENCE_PAGE: _("On %(day)s you wrote here:"),
    Source.PHONE: _("On %(day)s you told us on the telephone:"),
}
TOLD = _("On %(day)s you told one of us:")

MOST = 20

_SAID = Prepared(
    lambda: statements_of(asked_key("person")).values_list(
        "pk", "source", "said_at", "text", "state"
    )[:MOST]
)
_TIES = Prepared(
    lambda: (
        StatementTopic.objects.filter(statement__in=statements_of(asked_key("person")))
        .order_by("pk")
        .values_list("statement", "is_for", "topic__name")
    )
)


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
    said = _SAID.rows(person=link.recipient.pk)
    ties = _TIES.rows(person=link.recipient.pk) if said else []
    return [_told(row, [tie for tie in ties if tie[0] == row[0]]) for row in said]


def _told(said: tuple[Any, ...], ties: list[tuple[Any, ...]]) -> Told:
    key, source, said_at, text, state = said
    words = escape(str(HOW_TOLD.get(Source(source), TOLD)))
    return Told(
        key=key,
        head=mark_safe(words % {"day": date_html(said_at)}),  # noqa: S308  (both escaped)
        text=text,
        is_read=state == Statement.State.READ,
        wanted=quoted([name for _key, is_for, name in ties if is_for]),
        unwanted=quoted([name for _key, is_for, name in ties if not is_for]),
    )
