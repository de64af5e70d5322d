from django.db import transaction

from outreach.eligibility.decide import question_for, with_address
from outreach.eligibility.rules import capped
from outreach.ledger import plan
from outreach.ledger.lock import lock_tenant
from outreach.ledger.models import Run
from outreach.preferences.models import Purpose
from outreach.recipients.models import Recipient


def reserve(run: Run) -> Run:
    """Count the run's people against the weekly limit from now on (C7, statement 7).

    Whoever another campaign reserved since the freeze is left out, so counts and digest of `run`
    may change: take the fingerprint afterwards.
    """
    with transaction.atomic():
        campaign = run.campaign
        lock_tenant(campaign.tenant)
        if campaign.purpose == Purpose.COMMERCIAL:
            question = question_for(
                campaign.topic, run.channel, purpose=campaign.purpose, run_id=run.pk
            )
            in_run = Recipient.objects.filter(deliveries__run=run)
            taken = with_address(in_run, run.channel).filter(capped.excludes(question))
            plan.reserve(run, taken, question.on)
    return run


def release(run: Run) -> None:
    """Free what was reserved: the campaign was refused, changed, or has run out of time."""
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        plan.release(run)
