from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.approvals.models import Decision
from outreach.approvals.steps import current_run
from outreach.audiences.freshness import is_fresh
from outreach.campaigns import standing
from outreach.campaigns.models import Campaign


def who_would_get_it(campaign: Campaign) -> str:
    """How many would get it as it stands, or what is to be done to know; "" once it is sent."""
    if campaign.state not in Campaign.EDITABLE:
        return ""
    run = current_run(campaign)
    if run is None:
        return _("Nobody has worked out yet who gets it.")
    if campaign.state == Campaign.State.DRAFT and not is_fresh(run):
        return _("The groups or the topic have changed since. Work out again who gets it.")
    if not run.included:
        return _("Nobody would get it as it stands. See who is left out, and why.")
    count = {"count": run.included}
    return ngettext("%(count)s person gets it.", "%(count)s people get it.", run.included) % count


def what_was_asked_for(campaign: Campaign) -> str:
    """What the last approver wants changed in a draft, until it is submitted again."""
    if campaign.state != Campaign.State.DRAFT:
        return ""
    last = campaign.requests.order_by("-pk").first()
    decision = last.decisions.filter(verdict=Decision.Verdict.CHANGES).first() if last else None
    if decision is None:
        return ""
    return _("%(name)s asked for changes: “%(comment)s”") % {
        "name": decision.by,
        "comment": decision.comment,
    }


def register_standing() -> None:
    standing.register("asked_for", what_was_asked_for)
    standing.register("audience", who_would_get_it)
