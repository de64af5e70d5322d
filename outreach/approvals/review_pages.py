"""The page on which another person decides on a campaign, and the message page for its author."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.approvals import pages
from outreach.approvals.audience_pages import lines_of
from outreach.approvals.changes import changes_between
from outreach.approvals.decide import decide
from outreach.approvals.fingerprint import fingerprint
from outreach.approvals.four_eyes import PERMISSION, own_part
from outreach.approvals.last_ones import last_ones
from outreach.approvals.models import ApprovalRequest, Decision
from outreach.approvals.same_time_pages import coordinated_with
from outreach.campaigns.models import Campaign
from outreach.campaigns.preflight import findings
from outreach.campaigns.render import as_sentence_end
from outreach.campaigns.story import story_of
from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.recipients.panels import Viewer

DECIDED = {
    Decision.Verdict.APPROVE: gettext_lazy("Approved. It can be sent now."),
    Decision.Verdict.CHANGES: gettext_lazy("Given back to its author, with your comment."),
    Decision.Verdict.REFUSE: gettext_lazy("Refused. It will not be sent."),
}


def message(site: AdminSite, request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = pages.campaign_to_look_at(request, campaign_id)
    context = {
        **pages.context_of(site, request, campaign, _("The message"), without="message"),
        **pages.message_context(site, request, campaign),
    }
    return TemplateResponse(request, "outreach/approvals/message.html", context)


def review(site: AdminSite, request: HttpRequest, request_id: int) -> HttpResponse:
    pages.require_a_look(request)
    asked = get_object_or_404(
        ApprovalRequest.objects.select_related("campaign", "run__campaign"), pk=request_id
    )
    if request.method == "POST":
        pages.require(request, PERMISSION)
        try:
            return _decide(request, asked)
        except OutreachError as error:
            messages.error(request, str(error))
            asked = ApprovalRequest.objects.select_related("run__campaign").get(pk=request_id)
    campaign = pages.campaign_to_look_at(request, asked.campaign_id)
    asked.campaign = campaign
    context = {
        **pages.context_of(site, request, campaign, _("Approval"), without="review"),
        **pages.message_context(site, request, campaign),
        **_what_to_weigh(Viewer(request, site), asked),
        **_what_can_be_done(request, asked),
        # The two columns need the room, and what to do next is at the foot.
        "is_nav_sidebar_enabled": False,
    }
    return TemplateResponse(request, "outreach/approvals/review.html", context)


def _decide(request: HttpRequest, asked: ApprovalRequest) -> HttpResponse:
    wanted = request.POST.get("verdict", "")
    if wanted not in Decision.Verdict.values:
        raise OutreachError(_("Choose one of the three: approve, ask for changes, or refuse."))
    verdict = Decision.Verdict(wanted)
    decide(
        asked,
        verdict,
        by=Actor.of(request.user),
        seen=request.POST.get("seen", ""),
        comment=request.POST.get("comment", ""),
    )
    messages.success(request, str(DECIDED[verdict]))
    return HttpResponseRedirect(request.get_full_path())


def _what_to_weigh(viewer: Viewer, asked: ApprovalRequest) -> dict[str, Any]:
    campaign = asked.campaign
    earlier = _earlier(asked)
    return {
        "asked": asked,
        "answers": campaign.answers(),
        "reason": as_sentence_end(campaign.justification),
        **pages.aims_context(campaign),
        "coordinated": coordinated_with(campaign),
        "lines": lines_of(asked.run, viewer.site),
        "findings": findings(campaign),
        "decisions": asked.decisions.all(),
        "is_later_look": earlier is not None,
        "changes": changes_between(earlier.content, asked.content) if earlier else [],
        "happened": story_of(campaign, since=earlier.submitted_at if earlier else None),
        "last_ones": last_ones(campaign, viewer),
    }


def _what_can_be_done(request: HttpRequest, asked: ApprovalRequest) -> dict[str, Any]:
    """Whether this user can decide now; if not, why, in a sentence."""
    is_open = asked.state == ApprovalRequest.State.OPEN
    seen = fingerprint(asked.campaign, asked.run)
    is_as_submitted = seen == asked.fingerprint and asked.campaign.state != Campaign.State.DRAFT
    own = own_part(asked, Actor.of(request.user)) if is_open else ""
    return {
        "is_open": is_open,
        "is_as_submitted": is_as_submitted,
        "own_part": own,
        "can_decide": is_open and is_as_submitted and not own and request.user.has_perm(PERMISSION),
        "seen": seen,
        "comment": request.POST.get("comment", ""),
    }


def _earlier(asked: ApprovalRequest) -> ApprovalRequest | None:
    requests = ApprovalRequest.objects.filter(campaign=asked.campaign_id, pk__lt=asked.pk)
    return requests.order_by("-pk").first()
