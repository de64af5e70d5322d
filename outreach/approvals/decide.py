"""Another person's word on a campaign: approve, ask for changes, refuse. Once, and as seen."""

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.approvals.fingerprint import fingerprint
from outreach.approvals.four_eyes import own_part
from outreach.approvals.models import ApprovalRequest, Decision
from outreach.audiences.reserve import release
from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor

State = ApprovalRequest.State
Verdict = Decision.Verdict

# What a verdict makes of the request and of the campaign, and the word for the history.
OUTCOMES = {
    Verdict.APPROVE: (State.APPROVED, Campaign.State.APPROVED, "campaign.approved"),
    Verdict.CHANGES: (State.CHANGES, Campaign.State.DRAFT, "campaign.changes_asked"),
    Verdict.REFUSE: (State.REFUSED, Campaign.State.REFUSED, "campaign.refused"),
}


def approve(request: ApprovalRequest, *, by: Actor, seen: str, comment: str = "") -> Decision:
    """Let it be sent as it stands. `seen` is the fingerprint of what the approver looked at.

    Raises Refused for whoever wrote, edited or submitted it; Conflict when it changed since
    they looked or somebody else decided first.
    """
    return decide(request, Verdict.APPROVE, by=by, seen=seen, comment=comment)


def ask_for_changes(
    request: ApprovalRequest, *, by: Actor, seen: str, comment: str = ""
) -> Decision:
    """Give it back as a draft; needs a comment. Raises as `approve`."""
    return decide(request, Verdict.CHANGES, by=by, seen=seen, comment=comment)


def refuse(request: ApprovalRequest, *, by: Actor, seen: str, comment: str = "") -> Decision:
    """Say no for good; needs a comment. Raises as `approve`."""
    return decide(request, Verdict.REFUSE, by=by, seen=seen, comment=comment)


def decide(
    request: ApprovalRequest, verdict: Decision.Verdict, *, by: Actor, seen: str, comment: str
) -> Decision:
    comment = comment.strip()
    if verdict != Verdict.APPROVE and not comment:
        raise Refused(_("Say in the comment why, so that the author knows what to do."))
    with transaction.atomic():
        if verdict != Verdict.APPROVE:
            # Limits before the campaign, as everywhere: two of us cannot wait for each other.
            release(request.run)
        # Locked, so that no edit can commit between the look at it and the decision.
        campaign = Campaign.objects.select_for_update().get(pk=request.campaign_id)
        request.campaign = campaign
        if own := own_part(request, by):
            raise Refused(own)
        request_state, campaign_state, verb = OUTCOMES[verdict]
        _refuse_unless_as_seen(request, seen)
        _close(request, request_state)
        decision = Decision.objects.create(
            request=request,
            verdict=verdict,
            fingerprint=seen,
            by_key=by.key,
            by=by.name,
            comment=comment,
        )
        advance(
            campaign,
            to=campaign_state,
            frm=[Campaign.State.SUBMITTED],
            by=by,
            verb=verb,
            note=comment,
        )
    return decision


def _refuse_unless_as_seen(request: ApprovalRequest, seen: str) -> None:
    request.run.refresh_from_db()
    if (
        not seen == request.fingerprint == fingerprint(request.campaign, request.run)
        or request.run.current_slot_id != request.campaign_id
    ):
        raise Conflict(
            _("“%(name)s” has changed since you looked. Read it again, then decide.")
            % {"name": request.campaign.name}
        )


def _close(request: ApprovalRequest, state: ApprovalRequest.State) -> None:
    slot = request.campaign_id if state == State.APPROVED else None
    won = ApprovalRequest.objects.filter(pk=request.pk, state=State.OPEN).update(
        state=state, open_slot=slot
    )
    if not won:
        now = ApprovalRequest.objects.get(pk=request.pk)
        raise Conflict(
            _("Nothing is left to decide here: “%(name)s” is “%(state)s”.")
            % {"name": request.campaign.name, "state": now.get_state_display()}
        )
    request.state = state
