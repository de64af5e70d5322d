"""A declaration in figures and words: who will be recorded, who is not, how far it has come."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declaration_outcomes import count_outcomes
from outreach.preferences.declared import Outcome, State
from outreach.recipients.panels import Text, Viewer

NAME = "outreach_interestdeclaration"
WORDS: dict[str, str | Promise] = {
    Outcome.ERASED: gettext_lazy("asked us to erase their data: left as they are"),
    Outcome.REFUSED: gettext_lazy("refused this or stopped our messages before: left as they are"),
    Outcome.NO_ADDRESS: gettext_lazy("have no address to write to: not recorded"),
    Outcome.ALREADY: gettext_lazy("asked for it already: left as they are"),
    Outcome.LEFT: gettext_lazy("not recorded, since it was stopped or over before"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """How many people, and what becomes of them; `width` is in hundredths, for a bar."""

    words: Text
    count: int
    url: str
    width: str
    is_outcome: bool


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    people: int


def lines_of(declaration: InterestDeclaration, viewer: Viewer) -> list[Line]:
    """Each outcome that somebody has or would have, those recorded last; each a link."""
    counts = count_outcomes(declaration)
    people = sum(counts.values())
    may_see = viewer.may("view_recipient", "change_recipient")
    address = viewer.url(f"{NAME}_people", declaration.pk) if may_see else ""
    order = [code for code in Outcome.values if code != Outcome.RECORDED] + [Outcome.RECORDED]
    return [
        Line(
            words=in_words(declaration, code),
            count=counts[code],
            url=f"{address}?which={code}" if address else "",
            width=f"{100 * counts[code] / people:.1f}",
            is_outcome=code == Outcome.RECORDED,
        )
        for code in order
        if counts.get(code)
    ]


def in_words(declaration: InterestDeclaration, code: str) -> Text:
    """An outcome as it reads now: before the deed, under way, or after it."""
    if code in WORDS:
        return WORDS[code]
    if declaration.state in (State.DRAFT, State.SUBMITTED):
        return _("will be recorded")
    if declaration.state == State.REFUSED:
        return _("would have been recorded")
    return _("recorded") if declaration.recorded_at else _("recorded, or about to be")


def title_of(declaration: InterestDeclaration, which: str) -> str:
    if which not in Outcome.values:
        return _("Everybody in it")
    return _("People: %(what)s") % {"what": in_words(declaration, which)}


def progress_of(declaration: InterestDeclaration) -> Progress:
    """How many people of an accepted declaration have been looked at."""
    people = DeclaredPerson.objects.filter(declaration=declaration)
    return Progress(done=people.exclude(outcome="").count(), people=people.count())
