"""Why somebody gets a campaign, or not: group by group, then the reason they were left out for."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from outreach.approvals import pages
from outreach.audiences.waterfall import sentence_of
from outreach.campaigns.models import Campaign
from outreach.eligibility.decide import decide_for, question_about, question_of
from outreach.groups.belonging import Standing, standings_in
from outreach.groups.compile import people_of
from outreach.groups.forms import SearchForm
from outreach.groups.models import ContactGroup
from outreach.groups.search import find_people
from outreach.ledger.models import Delivery, Run
from outreach.ledger.reached import HAS_REACHED
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Viewer

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class AimLine:
    """A group of the campaign: whether it is one to leave out, and whether the person is in it."""

    standing: Standing
    is_left_out: bool
    url: str


def ask(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Search for anybody to ask about, in the audience or not."""
    campaign = pages.campaign_to_look_at(request, campaign_id)
    search = SearchForm(request.GET)
    people = find_people(people_of(campaign.tenant), search.words) if search.words else None
    found = list(people.order_by("name", "pk")[: MOST_FOUND + 1]) if people is not None else []
    title = _("Why does somebody get it, or not?")
    context = {
        **pages.context_of(site, request, campaign, title),
        "q": search.words,
        "found": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
    }
    return TemplateResponse(request, "outreach/approvals/ask_why.html", context)


def why(site: AdminSite, request: HttpRequest, campaign_id: int, recipient_id: int) -> HttpResponse:
    campaign = pages.campaign_to_look_at(request, campaign_id)
    if len(str(recipient_id)) > 18:
        raise Http404
    person = get_object_or_404(Recipient, pk=recipient_id, tenant=campaign.tenant)
    viewer = Viewer(request, site)
    row = Delivery.objects.filter(run__current_slot=campaign.pk, recipient=person).first()
    context: dict[str, Any] = {
        **pages.context_of(site, request, campaign, _("Why? %(person)s") % {"person": person}),
        "person": person,
        "person_url": viewer.page_of(Recipient, person.pk),
        "row": row,
        "has_run": Run.objects.filter(current_slot=campaign.pk, frozen_at__isnull=False).exists(),
        "words": sentence_of(row.reason) if row and row.reason else "",
        "lines": _lines(campaign, person, viewer),
        "reached": _reached(campaign, person),
        "reasons": _reasons(campaign, person),
    }
    return TemplateResponse(request, "outreach/approvals/why.html", context)


def _reasons(campaign: Campaign, person: Recipient) -> list[tuple[str, str]]:
    """Every rule that says no at this moment, with what would change it; the first one counts."""
    run = Run.objects.filter(current_slot=campaign.pk).select_related("campaign__topic").first()
    question = question_of(run) if run else question_about(campaign, Channel.EMAIL)
    refused = decide_for(person, question).refused_by
    return [(str(rule.sentence), str(rule.mend)) for rule in refused]


def _lines(campaign: Campaign, person: Recipient, viewer: Viewer) -> list[AimLine]:
    aims = {aim.group_id: aim for aim in campaign.aims.select_related("group")}
    may_ask = viewer.may("view_recipient", "change_recipient")
    return [
        AimLine(
            standing,
            aims[standing.group.pk].is_left_out,
            viewer.url("outreach_contactgroup_why", standing.group.pk, person.pk)
            if may_ask and viewer.page_of(ContactGroup, standing.group.pk)
            else "",
        )
        for standing in standings_in(person, (aim.group for aim in aims.values()))
    ]


def _reached(campaign: Campaign, person: Recipient) -> list[Campaign]:
    """The earlier campaigns that the campaign leaves out and that reached this person."""
    earlier = campaign.exclusions.values("earlier")
    reached = Delivery.objects.filter(HAS_REACHED, recipient=person, run__campaign__in=earlier)
    return list(Campaign.objects.filter(pk__in=reached.values("run__campaign")))
