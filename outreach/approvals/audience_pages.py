"""Who gets a campaign: the waterfall, and the people behind each of its lines."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from outreach.approvals import pages
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.audiences.freshness import is_fresh
from outreach.audiences.waterfall import sentence_of, waterfall
from outreach.campaigns.models import Campaign
from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.ledger.models import Delivery, Run
from outreach.recipients.long_lists import BoundedPaginator

INCLUDED = "included"
PEOPLE_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the waterfall; `width` is in hundredths of the longest bar, for SVG."""

    words: str | Promise
    count: int
    width: str
    url: str
    is_outcome: bool = False

    @property
    def figure(self) -> str:
        return number_format(self.count, force_grouping=True)


def show(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = pages.campaign_to_look_at(request, campaign_id)
    run = Run.objects.select_related("campaign").filter(current_slot=campaign.pk).first()
    context = pages.context_of(site, request, campaign, _("Who gets it"), without="audience")
    context["run"] = run
    context |= pages.aims_context(campaign)
    if run is not None and run.frozen_at is not None:
        context["lines"] = lines_of(run, site)
        context["is_stale"] = campaign.state == Campaign.State.DRAFT and not is_fresh(run)
    elif run is not None:
        context["done_percent"] = 100 * run.cursor // run.upper if run.upper else 0
    return TemplateResponse(request, "outreach/approvals/audience.html", context)


def lines_of(run: Run, site: AdminSite) -> list[Line]:
    """The waterfall with its links: everybody, each reason, who is written to."""
    found = waterfall(run)
    url = reverse("admin:outreach_campaign_people", args=[run.campaign_id], current_app=site.name)

    def line(words: str | Promise, count: int, which: str, is_outcome: bool = False) -> Line:
        width = f"{100 * count / found.candidates:.1f}" if found.candidates else "0"
        query = f"?which={which}" if which else ""
        return Line(words, count, width, f"{url}{query}", is_outcome)

    return [
        line(_("In the groups"), found.candidates, ""),
        *(line(bar.sentence, bar.count, bar.code) for bar in found.bars),
        line(_("will be written to"), found.included, INCLUDED, True),
    ]


def people(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = pages.campaign_to_look_at(request, campaign_id)
    run = get_object_or_404(Run, current_slot=campaign.pk, frozen_at__isnull=False)
    which = request.GET.get("which", "")
    rows = BoundedPaginator(_rows(run, which), PEOPLE_A_PAGE)
    context: dict[str, Any] = {
        **pages.context_of(site, request, campaign, _title(which)),
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


def _title(which: str) -> str:
    if not which:
        return _("Everybody in the groups")
    if which == INCLUDED:
        return _("People who get the message")
    return _("People who %(reason)s") % {"reason": sentence_of(which)}


def work_out(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    pages.require(request, "outreach.change_campaign")
    campaign = pages.campaign_to_look_at(request, campaign_id)
    try:
        freeze(campaign, by=Actor.of(request.user))
    except OutreachError as error:
        messages.error(request, str(error))
        return _to(site, "outreach_campaign_change", campaign)
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
