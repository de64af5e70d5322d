"""Whoever wrote, edited or submitted a campaign does not approve it (statement 5)."""

from django.contrib.auth import get_user_model
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.approvals.models import ApprovalRequest
from outreach.campaigns.models import Campaign
from outreach.history.actor import Actor
from outreach.tenancy import tenancy

PERMISSION = "outreach.approve_campaign"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
NAMED = 5


def own_part(request: ApprovalRequest, by: Actor) -> str:
    """Why `by` may not decide on this request, naming who can; empty when they may."""
    campaign = request.campaign
    if not by.is_person:
        part = _("A person has to decide on this campaign.")
    elif str(campaign.author_id) == by.key:
        part = _("You wrote this campaign, so someone else has to approve it.")
    elif campaign.contributors.filter(actor_key=by.key).exists():
        part = _("You edited this campaign, so someone else has to approve it.")
    elif request.submitted_by_key == by.key:
        part = _("You submitted this campaign, so someone else has to approve it.")
    else:
        return ""
    return f"{part} {who_can(request)}"


def who_can(request: ApprovalRequest) -> str:
    """“Anna and Piotr can.”"""
    names = approvers(request)
    if not names:
        return _("Nobody else has the permission to approve campaigns yet.")
    more = len(names) - NAMED
    if more > 0:
        others = ngettext("%(count)d other", "%(count)d others", more) % {"count": more}
        names = [*names[:NAMED], others]
    listed = get_text_list(names, _("and"))
    return ngettext("%(names)s can.", "%(names)s can.", len(names)) % {"names": listed}


def approvers(request: ApprovalRequest) -> list[str]:
    """The names of the users who may decide on this request, in order."""
    users = get_user_model()._default_manager
    if not hasattr(users, "with_perm"):  # a host's own manager
        return []
    keys = set(request.campaign.contributors.values_list("actor_key", flat=True))
    keys |= {request.submitted_by_key, str(request.campaign.author_id)}
    allowed = tenancy().staff(users.with_perm(PERMISSION, backend=MODEL_BACKEND))
    actors = [Actor.of(user) for user in allowed]
    return sorted(actor.name for actor in actors if actor.key not in keys)


def is_by_someone_else(request: ApprovalRequest, campaign: Campaign, key: str) -> bool:
    """Whether a decision by the person `key` counts today, for all that was edited since."""
    return (
        bool(key)
        and key != request.submitted_by_key
        and key != str(campaign.author_id)
        and not campaign.contributors.filter(actor_key=key).exists()
    )
