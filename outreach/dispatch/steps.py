"""The steps from an approved campaign to its send log, for the campaign's pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outreach.campaigns import steps
from outreach.campaigns.models import Campaign
from outreach.ledger.models import Run

MAY_SEND = "outreach.send_campaign"
MAY_LOOK = ("outreach.view_run", "outreach.change_run", MAY_SEND)


def may_look(user: Any) -> bool:
    """Whether a user may see the send log."""
    return any(user.has_perm(permission) for permission in MAY_LOOK)


def begun_run(campaign: Campaign) -> Run | None:
    """The run in force, once its sending has begun."""
    return Run.objects.filter(current_slot=campaign.pk, started_at__isnull=False).first()


class SendNow:
    key = "send"
    label = _("Send now")
    position = 60
    is_post = False  # the page asks first: what has gone out cannot be taken back

    def url(self, campaign: Campaign, *, current_app: str) -> str:
        return reverse("admin:outreach_campaign_send", args=[campaign.pk], current_app=current_app)

    def is_main(self, campaign: Campaign) -> bool:
        return True

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        return campaign.state == Campaign.State.APPROVED and user.has_perm(MAY_SEND)


class SendLog:
    key = "send_log"
    label = _("Send log")
    position = 70
    is_post = False

    def url(self, campaign: Campaign, *, current_app: str) -> str:
        run = begun_run(campaign)
        if run is None:  # not reached from where the step is shown
            return reverse("admin:outreach_run_changelist", current_app=current_app)
        return reverse("admin:outreach_run_change", args=[run.pk], current_app=current_app)

    def is_main(self, campaign: Campaign) -> bool:
        return True

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        is_out = campaign.state in (
            Campaign.State.SENDING,
            Campaign.State.SENT,
            Campaign.State.STOPPED,
        )
        return is_out and may_look(user) and begun_run(campaign) is not None


def register_steps() -> None:
    for step in (SendNow(), SendLog()):
        steps.register(step)
