"""Hold a run, let it go on, or end it: the only writer of a run's state while it is sent."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record
from outreach.ledger.models import Delivery, Run
from outreach.ledger.plan import WITHDRAWN
from outreach.ledger.settle import reopen
from outreach.signals import nudge, run_started


def hold(run: Run, why: str, *, by: Actor = SYSTEM) -> bool:
    """Stop taking up deliveries of this run; False if it was not being sent."""
    return _move(run, [Run.State.SENDING], Run.State.PAUSED, by=by, note=why)


def go_on(run: Run, *, by: Actor) -> bool:
    """Take a held run up again; False if it was not held."""
    return _move(run, [Run.State.PAUSED], Run.State.SENDING, by=by)


def stop(run: Run, *, by: Actor, why: str = "") -> None:
    """End a run for good: what is not sent yet never will be."""
    with transaction.atomic():
        if not _move(
            run, [Run.State.SENDING, Run.State.PAUSED], Run.State.STOPPED, by=by, note=why
        ):
            raise Conflict(_("This is not being sent any more."))
        Delivery.objects.filter(
            run=run, state__in=[Delivery.State.PLANNED, Delivery.State.SOFT_BOUNCED]
        ).update(**WITHDRAWN)
        advance(
            run.campaign,
            to=Campaign.State.STOPPED,
            frm=[Campaign.State.SENDING],
            by=by,
            note=why,
        )


def finish(run: Run) -> bool:
    """Close a run in which nothing is open any more; False while something is."""
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)  # a soft bounce waits, or we see it
        open_rows = Delivery.objects.filter(run=run, state__in=Delivery.OPEN)
        if open_rows.exists() or not _move(
            run, [Run.State.SENDING], Run.State.DONE, by=SYSTEM, finished_at=timezone.now()
        ):
            return False
        advance(run.campaign, to=Campaign.State.SENT, frm=[Campaign.State.SENDING], by=SYSTEM)
    return True


def tidy() -> int:
    """Put right what a stop or an end and a report or a claim that met left behind (2)."""
    late = Delivery.objects.filter(
        run__state=Run.State.STOPPED,
        state__in=[Delivery.State.PLANNED, Delivery.State.SOFT_BOUNCED],
    )
    some = list(late.values_list("pk", flat=True)[:1000])
    withdrawn = Delivery.objects.filter(pk__in=some).update(**WITHDRAWN)
    unfinished = Run.objects.filter(
        state=Run.State.DONE, deliveries__state__in=Delivery.OPEN
    ).distinct()
    for run in unfinished:
        reopen(run)
    return withdrawn


def _move(
    run: Run, frm: list[Run.State], to: Run.State, *, by: Actor, note: str = "", **also: object
) -> bool:
    with transaction.atomic():
        won = Run.objects.filter(pk=run.pk, state__in=frm).update(state=to, **also)
        if won:
            run.state = to
            record(run, f"run.{to}", by=by, note=note)
            if to == Run.State.SENDING:
                nudge(run_started, run_id=run.pk)
    return bool(won)
