from django.db import transaction

from outreach.eligibility.addressed import with_address
from outreach.eligibility.decide import question_of
from outreach.eligibility.rules import capped
from outreach.ledger import plan
from outreach.ledger.lock import lock_tenant
from outreach.ledger.models import Run
from outreach.preferences.models import Purpose
from outreach.recipients.models import Recipient


def reserve(run: Run) -> Run:
    """Count the run's people against the weekly limit from now on (C7, statement 7).

    Whoever another campaign reserved since the freeze is left out, and who is in one that this is
    coordinated with, so counts and digest of `run` may change: take the fingerprint afterwards.
    """
    with transaction.atomic():
        campaign = run.campaign
        lock_tenant(campaign.tenant)
        question = question_of(run)
        if question.coordination_key:
            plan.coordinate(run, question.coordination_key)
        if campaign.purpose == Purpose.COMMERCIAL:
            in_run = Recipient.objects.filter(deliveries__run=run)
            taken = with_address(in_run, run.channel).filter(capped.excludes(question))
            plan.reserve(run, taken, question.on)
        else:
            plan.reserve(run, None, None)
    return run


def release(run: Run) -> None:
    """Free what was reserved: the campaign was refused, changed, or has run out of time."""
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        plan.release(run)
