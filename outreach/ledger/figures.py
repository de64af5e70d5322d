"""How far a run has come, counted in one query for all runs of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from outreach.ledger.models import Delivery

State = Delivery.State

WENT_OUT = (State.SENT, State.DELIVERED, State.SOFT_BOUNCED, State.BOUNCED)
CAME_BACK = (State.SOFT_BOUNCED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class Figures:
    """People of one run by state; `spam` were marked as such, whatever their state."""

    by_state: Mapping[str, int]
    spam: int = 0

    def of(self, states: Iterable[str]) -> int:
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def everybody(self) -> int:
        return sum(self.by_state.values())

    @property
    def to_be_written_to(self) -> int:
        return self.of(Delivery.INCLUDED)

    @property
    def settled(self) -> int:
        """To how many nothing more is sent."""
        return self.to_be_written_to - self.of(Delivery.OPEN)


NONE = Figures({})


def figures_of(run_ids: Iterable[int]) -> dict[int, Figures]:
    """The figures by run; a run without people is not in it."""
    rows = Delivery.objects.filter(run__in=list(run_ids)).values_list("run", "state")
    by_run: dict[int, dict[str, int]] = {}
    spam: dict[int, int] = {}
    for run_id, state, people, marked in rows.annotate(
        people=Count("pk"), marked=Count("complained_at")
    ).order_by():
        by_run.setdefault(run_id, {})[state] = people
        spam[run_id] = spam.get(run_id, 0) + marked
    return {run_id: Figures(states, spam[run_id]) for run_id, states in by_run.items()}


def left_out_by_reason(run_id: int) -> dict[str, int]:
    """People of a run who were left out, by the code of the reason, the most frequent first."""
    rows = Delivery.objects.filter(run=run_id, state=State.EXCLUDED).values_list("reason")
    counted = rows.annotate(people=Count("pk")).order_by("-people", "reason")
    return dict(counted)
