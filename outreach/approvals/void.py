"""Take back requests and approvals whose campaign is no longer what was put before people."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.approvals.fingerprint import fingerprint_of, with_content
from outreach.approvals.models import ApprovalRequest
from outreach.audiences.reserve import release
from outreach.campaigns.advance import advance
from outreach.campaigns.models import Campaign
from outreach.history.actor import SYSTEM
from outreach.history.record import record

UNDECIDED = (Campaign.State.SUBMITTED, Campaign.State.APPROVED)


def void_stale() -> int:
    """Void every live request that no longer fits its campaign. Returns how many."""
    return _void_each(ApprovalRequest.objects.all())


def void_stale_of(campaign_id: int) -> int:
    """The same for one campaign."""
    return _void_each(ApprovalRequest.objects.filter(campaign=campaign_id))


def _void_each(requests: QuerySet[ApprovalRequest]) -> int:
    live = requests.filter(
        open_slot__isnull=False,
        state__in=ApprovalRequest.LIVE,
        campaign__state__in=[Campaign.State.DRAFT, *UNDECIDED],
    )
    campaigns = with_content(Campaign.objects.filter(requests__in=live)).in_bulk()
    stale = [
        request
        for request in live.select_related("run")
        if request.campaign_id in campaigns and _is_stale(request, campaigns[request.campaign_id])
    ]
    return sum(_void(request) for request in stale)


def _is_stale(request: ApprovalRequest, campaign: Campaign) -> bool:
    return campaign.state == Campaign.State.DRAFT or (
        campaign.state in UNDECIDED and request.fingerprint != fingerprint_of(campaign, request.run)
    )


def _void(request: ApprovalRequest) -> bool:
    with transaction.atomic():
        # Limits before the campaign, as everywhere: two of us cannot wait for each other.
        release(request.run)
        Campaign.objects.select_for_update().get(pk=request.campaign_id)
        campaign = with_content(Campaign.objects.all()).get(pk=request.campaign_id)
        request.run.refresh_from_db()
        won = _is_stale(request, campaign) and ApprovalRequest.objects.filter(
            pk=request.pk, state__in=ApprovalRequest.LIVE, open_slot__isnull=False
        ).update(state=ApprovalRequest.State.VOIDED, open_slot=None)
        if not won:
            transaction.set_rollback(True)
            return False
        if campaign.state == Campaign.State.DRAFT:
            record(campaign, "campaign.approval_voided", by=SYSTEM)
        else:
            advance(
                campaign,
                to=Campaign.State.DRAFT,
                frm=UNDECIDED,
                by=SYSTEM,
                verb="campaign.approval_voided",
                note=_("The topic, the sender or a group of it was changed."),
            )
    return True
