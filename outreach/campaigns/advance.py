from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict
from outreach.history.actor import Actor
from outreach.history.record import record


def advance(
    campaign: Campaign,
    *,
    to: Campaign.State,
    frm: Sequence[Campaign.State],
    by: Actor,
    note: str = "",
    verb: str = "",
) -> None:
    """Move a campaign on if it is still in one of `frm`, with its history (statement 13).

    Raises Conflict when somebody else has moved it since.
    """
    with transaction.atomic():
        won = Campaign.objects.filter(pk=campaign.pk, state__in=list(frm)).update(state=to)
        if not won:
            now = Campaign.objects.get(pk=campaign.pk)
            raise Conflict(
                _("Somebody else was quicker: “%(name)s” is now “%(state)s”.")
                % {"name": now.name, "state": now.get_state_display()}
            )
        record(campaign, verb or f"campaign.{to.value}", by=by, note=note)
    campaign.state = to
