"""Who gets a campaign: the waterfall, and the people behind each of its lines."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.approvals import pages
from outreach.approvals.audience_lines import (
    INCLUDED,
    PEOPLE_A_PAGE,
    Line,
    people_title,
    waterfall_lines,
)
from outreach.approvals.audience_preview import NOW, preview_context, preview_people
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze_soon, give_up
from outreach.audiences.freshness import is_fresh
from outreach.audiences.told_for import write_to_them_too
from outreach.audiences.waterfall import sentence_of, waterfall
from outreach.campaigns.models import Campaign
from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.ledger.models import Delivery, Run
from outreach.recipients.long_lists import BoundedPaginator


def show(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    """What was worked out, or is being; for a draft without either, who would get it now."""
    campaign = pages.campaign_to_look_at(request, campaign_id)
    run = Run.objects.select_related("campaign").filter(current_slot=campaign.pk).first()
    is_draft = campaign.state == Campaign.State.DRAFT
    context = pages.context_of(site, request, campaign, _("Who gets it"), without="audience")
    context |= pages.aims_context(campaign) | {"run": run, "is_draft": is_draft}
    is_stale = is_draft and run is not None and run.frozen_at is not None and not is_fresh(run)
    context["is_stale"] = is_stale
    if run is not None and run.frozen_at is None:
        context["done_percent"] = done_percent(run)
        context["may_stop"] = request.user.has_perm("outreach.change_campaign")
    elif is_draft and (run is None or is_stale or NOW in request.GET):
        context |= preview_context(site, request, campaign)
    elif run is not None:
        context["lines"] = lines_of(run, site)
    return TemplateResponse(request, "outreach/approvals/audience.html", context)


def done_percent(run: Run) -> int:
    """How far it has been worked out; the last range reaches beyond the last person."""
    people = run.upper - run.lower
    return min(100 * (run.cursor - run.lower) // people, 100) if people else 0


def lines_of(run: Run, site: AdminSite) -> list[Line]:
    """The waterfall with its links: everybody, each reason, who is written to."""
    url = reverse("admin:outreach_campaign_people", args=[run.campaign_id], current_app=site.name)
    return waterfall_lines(waterfall(run), url)


def people(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = pages.campaign_to_look_at(request, campaign_id)
    if NOW in request.GET:
        return preview_people(site, request, campaign)
    run = get_object_or_404(Run, current_slot=campaign.pk, frozen_at__isnull=False)
    which = request.GET.get("which", "")
    rows = BoundedPaginator(_rows(run, which), PEOPLE_A_PAGE)
    context: dict[str, Any] = {
        **pages.context_of(site, request, campaign, people_title(which)),
        "rows": rows.get_page(request.GET.get("page")),
        "which": which,
    }
    for row in context["rows"]:
        row.words = sentence_of(row.reason) if row.reason else row.get_state_display()
    return TemplateResponse(request, "outreach/approvals/people.html", context)


def _rows(run: Run, which: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(run=run).select_related("recipient", "address")
    if which == INCLUDED:
        rows = rows.filter(reason="")
    elif which:
        rows = rows.filter(reason=which)
    return rows.order_by("recipient__name", "pk")


def work_out(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    pages.require(request, "outreach.change_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    try:
        freeze_soon(campaign, by=Actor.of(request.user))
    except OutreachError as error:
        messages.error(request, str(error))
        return _to(site, "outreach_campaign_change", campaign)
    return _to(site, "outreach_campaign_audience", campaign)


def stop_working_out(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Give up a freeze that takes too long, or was begun by mistake."""
    pages.require(request, "outreach.change_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    run = Run.objects.select_related("campaign").filter(current_slot=campaign.pk).first()
    if run is not None and give_up(run, by=Actor.of(request.user)):
        messages.info(request, _("Stopped. Nothing of it was kept."))
    else:
        messages.warning(request, _("It was done, or stopped, before you pressed."))
    return _to(site, "outreach_campaign_audience", campaign)


def write_to_them(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Aim it also at whoever told us in their own words that they want this (D2)."""
    pages.require(request, "outreach.change_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    try:
        count = write_to_them_too(campaign, by=Actor.of(request.user))
    except OutreachError as error:
        messages.error(request, str(error))
    else:
        said = ngettext(
            "It is for %(n)d more person now.", "It is for %(n)d more people now.", count
        )
        messages.success(request, said % {"n": count})
    return _to(site, "outreach_campaign_audience", campaign)


def put_forward(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    pages.require(request, "outreach.submit_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    try:
        asked = submit(campaign, by=Actor.of(request.user))
    except OutreachError as error:
        messages.error(request, str(error))
        return _to(site, "outreach_campaign_change", campaign)
    messages.success(request, _("Submitted. Now another person looks at it."))
    return HttpResponseRedirect(
        reverse("admin:outreach_approvalrequest_review", args=[asked.pk], current_app=site.name)
    )


def _to(site: AdminSite, page: str, campaign: Campaign) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"admin:{page}", args=[campaign.pk], current_app=site.name))
