"""Freeze a campaign's groups into the ledger: one row a person, included or with the reason."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from outreach.audiences.candidates import aims_digest, candidates_of
from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.eligibility.decide import REASON, question_for, with_reason
from outreach.eligibility.rule import ADDRESS
from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.ledger import plan
from outreach.ledger.lock import lock_tenant
from outreach.ledger.models import Run
from outreach.recipients.models import Channel


def freeze(campaign: Campaign, *, by: Actor) -> Run:
    """Work out who gets the campaign. Raises Refused unless it is a draft with groups.

    A large audience is written in ranges of keys, each a transaction of its own; a freeze that
    was cut short is taken up by `go_on`.
    """
    with transaction.atomic():
        lock_tenant(campaign.tenant)
        fresh = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if fresh.state != Campaign.State.DRAFT:
            raise Refused(_("Only a draft can be worked out anew. Change the campaign first."))
        if not fresh.aims.filter(is_left_out=False).exists():
            raise Refused(_("Choose at least one group that this campaign is for."))
        channel = Channel.EMAIL
        upper = candidates_of(fresh).aggregate(upper=Max("pk"))["upper"] or 0
        run = plan.begin(
            fresh, channel=channel, upper=upper, aims_digest=aims_digest(fresh, channel)
        )
        record(fresh, "audience.begun", by=by)
    return go_on(run)


def go_on(run: Run) -> Run:
    """Write the ranges that are still missing, then make the audience visible."""
    while run.cursor < run.upper:
        _freeze_range(run)
    with transaction.atomic():
        lock_tenant(run.campaign.tenant)
        plan.complete(run)
    return run


def _freeze_range(run: Run) -> None:
    upto = run.cursor + conf().freeze_range
    campaign = run.campaign
    question = question_for(campaign.topic, run.channel, purpose=campaign.purpose, run_id=run.pk)
    with transaction.atomic():
        lock_tenant(campaign.tenant)
        people = candidates_of(campaign).filter(pk__gt=run.cursor, pk__lte=upto)
        plan.insert_range(
            run,
            with_reason(people.order_by(), question),
            address=ADDRESS,
            reason=REASON,
            upto=upto,
        )
