"""The steps from a draft to an approved campaign, for the campaign's pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outreach.approvals.models import ApprovalRequest
from outreach.audiences.freshness import is_fresh
from outreach.campaigns import steps
from outreach.campaigns.models import Campaign
from outreach.campaigns.preflight import blocking
from outreach.ledger.models import Run

MAY_LOOK = ("outreach.view_campaign", "outreach.change_campaign", "outreach.approve_campaign")


def may_look(user: Any) -> bool:
    """Whether a user may see campaigns and who gets them."""
    return any(user.has_perm(permission) for permission in MAY_LOOK)


def current_run(campaign: Campaign) -> Run | None:
    """The run in force, once its audience is complete."""
    return (
        Run.objects.select_related("campaign")
        .filter(current_slot=campaign.pk, frozen_at__isnull=False)
        .first()
    )


def fresh_run(campaign: Campaign) -> Run | None:
    """The run in force if its audience still is that of the campaign's groups."""
    run = current_run(campaign)
    return run if run is not None and is_fresh(run) else None


class CampaignPage:
    """A step that leads to a page or action of its own at the campaign."""

    page = ""

    def url(self, campaign: Campaign, *, current_app: str) -> str:
        return reverse(f"admin:{self.page}", args=[campaign.pk], current_app=current_app)


class SeeMessage(CampaignPage):
    key = "message"
    label = _("See the message")
    position = 10
    is_post = False
    page = "outreach_campaign_message"

    def is_main(self, campaign: Campaign) -> bool:
        return False

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        return campaign.variants.exists() and may_look(user)


class WorkOut(CampaignPage):
    key = "work_out"
    label = _("Work out who gets it")
    position = 20
    is_post = True
    page = "outreach_campaign_work_out"

    def is_main(self, campaign: Campaign) -> bool:
        return fresh_run(campaign) is None

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        is_draft = campaign.state == Campaign.State.DRAFT
        return is_draft and user.has_perm("outreach.change_campaign")


class WhoGetsIt(CampaignPage):
    key = "audience"
    label = _("See who gets it")
    position = 30
    is_post = False
    page = "outreach_campaign_audience"

    def is_main(self, campaign: Campaign) -> bool:
        return False

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        is_draft = campaign.state == Campaign.State.DRAFT
        return may_look(user) and (
            is_draft or Run.objects.filter(current_slot=campaign.pk).exists()
        )


class Submit(CampaignPage):
    key = "submit"
    label = _("Submit for approval")
    position = 40
    is_post = True
    page = "outreach_campaign_submit"

    def is_main(self, campaign: Campaign) -> bool:
        return not blocking(campaign)

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        if campaign.state != Campaign.State.DRAFT or not user.has_perm("outreach.submit_campaign"):
            return False
        run = fresh_run(campaign)
        return run is not None and run.included > 0


class Review:
    key = "review"
    label = _("Review")
    position = 50
    is_post = False

    def url(self, campaign: Campaign, *, current_app: str) -> str:
        request = ApprovalRequest.objects.get(open_slot=campaign.pk)
        return reverse(
            "admin:outreach_approvalrequest_review", args=[request.pk], current_app=current_app
        )

    def is_main(self, campaign: Campaign) -> bool:
        return campaign.state == Campaign.State.SUBMITTED

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        is_there = ApprovalRequest.objects.filter(open_slot=campaign.pk).exists()
        return is_there and campaign.state != Campaign.State.DRAFT and may_look(user)


def register_steps() -> None:
    for step in (SeeMessage(), WorkOut(), WhoGetsIt(), Submit(), Review()):
        steps.register(step)
