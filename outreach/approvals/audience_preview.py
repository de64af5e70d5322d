"""Who would get a draft if it were worked out now (D6), and who else writes to them this week."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from outreach.approvals import pages
from outreach.approvals.audience_lines import (
    INCLUDED,
    PEOPLE_A_PAGE,
    people_title,
    waterfall_lines,
)
from outreach.audiences.preview import overlaps, people, preview
from outreach.audiences.told_for import told_for
from outreach.audiences.waterfall import sentence_of
from outreach.campaigns.models import Campaign
from outreach.eligibility.decide import REASON
from outreach.eligibility.rule import ADDRESS
from outreach.groups.broken_rule import BrokenRule
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Address, Recipient

NOW = "now"
"""In a page's query: as it is at this moment, not as it was worked out."""

MOST_TOLD = 10
MOST_DIGITS = 10
AT_ONCE = 200_000
"""Of more people than this nobody waits for figures that they did not ask for."""


def preview_context(site: AdminSite, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The lines as they would be now, and the overlaps; or why there are none."""
    if not campaign.aims.filter(is_left_out=False).exists():
        return {"has_no_groups": True}
    if NOW not in request.GET and _people_up_to() > AT_ONCE:
        return {"takes_long": True}
    url = reverse("admin:outreach_campaign_people", args=[campaign.pk], current_app=site.name)
    try:
        found, others = preview(campaign), overlaps(campaign)
        with asking_of_many():
            told = list(told_for(campaign).order_by("name", "pk")[: MOST_TOLD + 1])
    except BrokenRule as error:
        return {"broken": str(error)}
    return {
        "is_preview": True,
        "lines": waterfall_lines(found, url, query=f"{NOW}=1"),
        "is_nobody": not found.included,
        "told_for": [str(person) for person in told[:MOST_TOLD]],
        "has_more_told": len(told) > MOST_TOLD,
        "may_change": request.user.has_perm("outreach.change_campaign"),
        "overlaps": [
            {
                "name": str(each.campaign),
                "state": each.campaign.get_state_display(),
                "people": each.people,
                "url": reverse(
                    "admin:outreach_campaign_audience",
                    args=[each.campaign.pk],
                    current_app=site.name,
                ),
            }
            for each in others
        ],
    }


def preview_people(site: AdminSite, request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The people behind a line as it would be now, in the order in which they came to us."""
    which = request.GET.get("which", "")
    code = "" if which == INCLUDED else which or None
    number = _page_number(request.GET.get("page", ""))
    begin = (number - 1) * PEOPLE_A_PAGE
    context = pages.context_of(site, request, campaign, people_title(which))
    try:
        with asking_of_many():
            found = list(people(campaign, code).order_by("pk")[begin : begin + PEOPLE_A_PAGE + 1])
    except BrokenRule as error:
        found = []
        context["broken"] = str(error)
    context |= {
        "rows": _rows(found[:PEOPLE_A_PAGE]),
        "which": which,
        "page_number": number,
        "has_next": len(found) > PEOPLE_A_PAGE,
    }
    return TemplateResponse(request, "outreach/approvals/preview_people.html", context)


def _page_number(text: str) -> int:
    """From 1; what is no number that a page can have is the first."""
    return max(int(text), 1) if text.isdecimal() and len(text) < MOST_DIGITS else 1


def _rows(found: list[Recipient]) -> list[dict[str, Any]]:
    addresses = Address.objects.in_bulk([getattr(each, ADDRESS) for each in found])
    rows = []
    for person in found:
        reason, address = getattr(person, REASON), addresses.get(getattr(person, ADDRESS))
        words = sentence_of(reason) if reason else _("would get it")
        rows.append(
            {
                "key": person.pk,
                "name": str(person),
                "address": str(address) if address else "",
                "words": words,
            }
        )
    return rows


def _people_up_to() -> int:
    """No less than there are people, and no count of them."""
    return Recipient.objects.aggregate(last=Max("pk"))["last"] or 0
