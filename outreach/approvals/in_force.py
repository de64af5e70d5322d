from outreach.approvals.fingerprint import fingerprint
from outreach.approvals.four_eyes import is_by_someone_else
from outreach.approvals.models import ApprovalRequest, Decision
from outreach.campaigns.models import Campaign


def approval_in_force(campaign: Campaign) -> ApprovalRequest | None:
    """The approval of a campaign exactly as it stands now, by someone who had no part in it.

    Statement 5: nothing is handed over without it.
    """
    request = (
        ApprovalRequest.objects.select_related("run", "campaign")
        .filter(open_slot=campaign.pk, state=ApprovalRequest.State.APPROVED)
        .first()
    )
    if request is None or request.run.current_slot_id != campaign.pk:
        return None
    decision = request.decisions.filter(verdict=Decision.Verdict.APPROVE).first()
    if decision is None or decision.fingerprint != request.fingerprint:
        return None
    if not is_by_someone_else(request, request.campaign, decision.by_key):
        return None
    if fingerprint(campaign, request.run) != request.fingerprint:
        return None
    return request
