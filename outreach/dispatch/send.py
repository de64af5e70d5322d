"""Send what is due, batch by batch, until nothing is left or the time is up."""

import logging
from datetime import timedelta

from django.utils import timezone

from outreach.dispatch import hold
from outreach.dispatch.claim import claim
from outreach.dispatch.hand_over import hand_over, sweep_leases
from outreach.dispatch.mailer import mailer
from outreach.ledger.models import Run

logger = logging.getLogger("outreach")

WITHIN = timedelta(seconds=50)


def send_run(run: Run, *, within: timedelta = WITHIN) -> int:
    """Claim and hand over for at most `within`; returns how many were accepted.

    Safe to run many times at once: each worker takes other rows.
    """
    until, accepted = timezone.now() + within, 0
    with mailer() as connection:
        while timezone.now() < until:
            taken = claim(run)
            if taken.is_empty:
                break
            accepted += hand_over(taken, run, connection)
    run.refresh_from_db()
    hold.finish(run)
    return accepted


def sweep() -> int:
    """Take up every run that is being sent; the periodic truth behind all nudges."""
    sweep_leases()
    hold.tidy()
    runs = Run.objects.filter(state=Run.State.SENDING).select_related("campaign__topic")
    return sum(_send_apart(run) for run in runs.order_by("started_at", "pk"))


def _send_apart(run: Run) -> int:
    """One run that fails must not keep the others waiting. The log names no person."""
    try:
        return send_run(run)
    except Exception as error:
        logger.error("Run %s could not be sent: %s", run.pk, type(error).__name__)
        return 0
