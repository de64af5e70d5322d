from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.approvals.in_force import approval_in_force
from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.ledger.models import Run
from outreach.signals import nudge, run_started


def start(campaign: Campaign, *, by: Actor) -> Run:
    """Begin to send an approved campaign. Raises Refused without a valid approval (5)."""
    with transaction.atomic():
        approval = approval_in_force(campaign)
        if approval is None:
            raise Refused(no_approval())
        run = approval.run
        begun = Run.objects.filter(pk=run.pk, state=Run.State.FROZEN).update(
            state=Run.State.SENDING, started_at=timezone.now()
        )
        if not begun:
            raise Conflict(_("Somebody began to send this campaign already."))
        advance(campaign, to=Campaign.State.SENDING, frm=[Campaign.State.APPROVED], by=by)
        record(run, "run.sending", by=by)
        nudge(run_started, run_id=run.pk)
    run.refresh_from_db()
    return run


def no_approval() -> str:
    return _("Somebody else has to approve this campaign as it stands now.")
