"""What we hold that a person told us in their own words, as their page shows it (D2, D4)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from outreach.centre.link import Link
from outreach.centre.wording import date_html, quoted
from outreach.preferences.models import Source
from outreach.preferences.statements import statements_of
from outreach.preferences.wish_models import Statement
from outreach.prepared import Prepared, Question, asked_key

HOW_TOLD = {
    Source.PREFERENCE_PAGE: _("On %(day)s you wrote here:"),
    Source.PHONE: _("On %(day)s you told us on the telephone:"),
}
TOLD = _("On %(day)s you told one of us:")

MOST = 20


def _said() -> "QuerySet[Statement, tuple[Any, ...]]":
    """The newest statements, a row for each topic that one is about, or one for none."""
    newest = statements_of(asked_key("person")).values("pk")[:MOST]
    said = Statement.objects.filter(pk__in=newest).order_by("-said_at", "-pk", "ties__pk")
    return said.values_list(
        "pk", "source", "said_at", "text", "state", "ties__is_for", "ties__topic__name"
    )


_SAID = Prepared(_said)


@dataclass(frozen=True, slots=True)
class Told:
    """`wanted` and `unwanted` name the topics it was taken to be about; empty means none."""

    key: int
    head: SafeString
    text: str
    is_read: bool
    wanted: str
    unwanted: str


def told_asked(link: Link) -> Question:
    """What told asks."""
    return _SAID.about(person=link.recipient.pk)


def told(link: Link) -> list[Told]:
    said: dict[tuple[Any, ...], list[tuple[bool, str]]] = {}
    for *statement, is_for, topic in _SAID.rows(person=link.recipient.pk):
        ties = said.setdefault(tuple(statement), [])
        if topic is not None:
            ties.append((is_for, topic))
    return [_told(statement, ties) for statement, ties in said.items()]


def _told(said: tuple[Any, ...], ties: list[tuple[bool, str]]) -> Told:
    key, source, said_at, text, state = said
    words = escape(str(HOW_TOLD.get(Source(source), TOLD)))
    return Told(
        key=key,
        head=mark_safe(words % {"day": date_html(said_at)}),  # noqa: S308  (both escaped)
        text=text,
        is_read=state == Statement.State.READ,
        wanted=quoted([name for is_for, name in ties if is_for]),
        unwanted=quoted([name for is_for, name in ties if not is_for]),
    )
