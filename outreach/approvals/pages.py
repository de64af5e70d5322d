"""What all staff pages about a campaign share: permission, context, the message in its frame."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from outreach.approvals.preview import choose, people_of, preview
from outreach.approvals.steps import current_run, may_look
from outreach.campaigns.models import Campaign
from outreach.campaigns.steps import shown_steps
from outreach.conf import conf

# For the one answer that shows a message: its inline styles count, and nothing else loads or runs.
MESSAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox"
)


def campaign_to_look_at(request: HttpRequest, campaign_id: int) -> Campaign:
    """The campaign, for a user who may see it."""
    require_a_look(request)
    return get_object_or_404(Campaign.objects.select_related("topic", "sender"), pk=campaign_id)


def require_a_look(request: HttpRequest) -> None:
    """Before anything is looked up, so that nobody learns what there is."""
    if not may_look(request.user):
        raise PermissionDenied


def require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def context_of(
    site: AdminSite, request: HttpRequest, campaign: Campaign, title: str, *, without: str = ""
) -> dict[str, Any]:
    """The context of a page in the admin; `without` names the step that the page itself is."""
    request.current_app = site.name
    steps = [
        step
        for step in shown_steps(campaign, request.user, current_app=site.name)
        if step.key != without
    ]
    return {
        **site.each_context(request),
        "title": title,
        "subtitle": str(campaign),
        "campaign": campaign,
        "opts": Campaign._meta,
        "steps_main_first": sorted(steps, key=lambda step: not step.is_main),
        "may_open_campaign": any(
            request.user.has_perm(f"outreach.{action}_campaign") for action in ("view", "change")
        ),
    }


def message_context(site: AdminSite, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The message as a chosen person sees it, and the people to choose from."""
    people = people_of(current_run(campaign))
    person = choose(people, request.GET.get("as", ""))
    url = reverse("admin:outreach_campaign_mail", args=[campaign.pk], current_app=site.name)
    return {
        "people": people,
        "person": person,
        "mail": preview(campaign, person),
        "from_address": conf().from_email,
        "mail_url": f"{url}?as={person.key}",
    }


@xframe_options_sameorigin
def mail(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The HTML of a message alone, to be put into a frame."""
    campaign = campaign_to_look_at(request, campaign_id)
    person = choose(people_of(current_run(campaign)), request.GET.get("as", ""))
    rendered = preview(campaign, person)
    response = HttpResponse(rendered.html if rendered else "")
    response.headers["Content-Security-Policy"] = MESSAGE_POLICY
    return response
