"""How far one run has come: each figure leads to the people it counts (C2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.models import HistoryEntry
from outreach.history.record import history_of
from outreach.ledger import reasons
from outreach.ledger.figures import NONE, Figures, figures_of, left_out_by_reason
from outreach.ledger.models import Delivery, Run
from outreach.recipients.panels import Cell, Table, Viewer

State = Delivery.State
MOST = 30

HAPPENED: dict[str, str | Promise] = {
    "run.sending": gettext_lazy("began to send, or went on"),
    "run.paused": gettext_lazy("held it"),
    "run.stopped": gettext_lazy("stopped it for good"),
    "run.done": gettext_lazy("finished"),
    "run.reopened": gettext_lazy("took it up again, since a message came back for now"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`width` is in hundredths of everybody, for SVG; `url` may be empty."""

    words: str
    count: int
    width: str
    url: str
    is_outcome: bool = False

    @property
    def figure(self) -> str:
        return number_format(self.count, force_grouping=True)


@dataclass(frozen=True, slots=True)
class Progress:
    """`settled` of `people` are done with: sent, delivered, come back or refused."""

    people: int
    settled: int
    lines: tuple[Line, ...]
    left_out: tuple[Line, ...]


def progress_of(run: Run, viewer: Viewer) -> Progress:
    figures = figures_of([run.pk]).get(run.pk, NONE)
    return Progress(
        people=figures.to_be_written_to,
        settled=figures.settled,
        lines=tuple(_lines(run, figures, viewer)),
        left_out=tuple(_left_out(run, figures, viewer)),
    )


def happened_to(run: Run) -> Table:
    """Who began, held and ended the run, and why."""
    entries = history_of(run)[:MOST]
    return Table(
        columns=(_("When"), _("Who"), _("What"), _("Why")),
        rows=tuple(_happened(entries)),
        empty=_("Nothing yet."),
    )


def why_held(run: Run) -> str:
    """What was said when the run was held last; "" if nothing was."""
    note = history_of(run).filter(verb="run.paused").values_list("note", flat=True).first()
    return note or ""


def _lines(run: Run, figures: Figures, viewer: Viewer) -> Iterator[Line]:
    """Everybody who is to get the message by state, those apart of whom there is nobody."""
    everybody = figures.everybody
    people = figures.to_be_written_to
    yield _line(run, viewer, _("To be written to"), people, everybody, True, became="written-to")
    for state in Delivery.INCLUDED:
        if count := figures.of([state]):
            words = capfirst(str(state.label))
            yield _line(run, viewer, words, count, everybody, became=state.value)
    if figures.spam:
        yield _line(run, viewer, _("Marked as spam"), figures.spam, everybody, became="spam")


def _left_out(run: Run, figures: Figures, viewer: Viewer) -> Iterator[Line]:
    everybody = figures.everybody
    out = State.EXCLUDED
    yield _line(run, viewer, _("Left out"), figures.of([out]), everybody, True, became=out.value)
    for code, count in left_out_by_reason(run.pk).items():
        words = capfirst(str(reasons.in_words(code)))
        yield _line(run, viewer, words, count, everybody, reason=code)
    gone = State.WITHDRAWN
    if count := figures.of([gone]):
        words = capfirst(str(gone.label))
        yield _line(run, viewer, words, count, everybody, became=gone.value)


def _line(
    run: Run,
    viewer: Viewer,
    words: str,
    count: int,
    everybody: int,
    is_outcome: bool = False,
    **query: str,
) -> Line:
    width = f"{100 * count / everybody:.1f}" if everybody else "0"
    url = viewer.list_of(Delivery, run=run.pk, **query)
    return Line(words, count, width, url, is_outcome)


def _happened(entries: Iterable[HistoryEntry]) -> Iterator[tuple[Cell, ...]]:
    for entry in entries:
        yield (
            Cell(at=entry.at),
            Cell(text=entry.actor_name),
            Cell(text=HAPPENED.get(entry.verb, entry.verb.replace(".", " "))),
            Cell(text=entry.note),
        )
