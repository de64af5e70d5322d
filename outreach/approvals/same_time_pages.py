"""Join campaigns that are about the same topic at the same time, and show who joined them."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.approvals import pages
from outreach.approvals.same_time import at_the_same_time
from outreach.campaigns.coordinate import join
from outreach.campaigns.models import Campaign
from outreach.exceptions import OutreachError
from outreach.history.actor import Actor


def join_them(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    pages.require(request, "outreach.change_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    if others := at_the_same_time(campaign):
        try:
            together = join(campaign, others, by=Actor.of(request.user))
        except OutreachError as error:
            messages.error(request, str(error))
        else:
            text = _("Joined as “%(name)s”. Each person gets one of them only.")
            messages.success(request, text % {"name": together.name})
    else:
        messages.info(request, _("Nothing else is about this topic at the same time any more."))
    return HttpResponseRedirect(
        reverse("admin:outreach_campaign_change", args=[campaign.pk], current_app=site.name)
    )


def coordinated_with(campaign: Campaign) -> list[Campaign]:
    """All campaigns of its coordination in their order, itself among them; empty without one."""
    if campaign.coordination_id is None:
        return []
    together = Campaign.objects.filter(coordination=campaign.coordination_id)
    return list(together.order_by("coordination_rank", "pk"))
