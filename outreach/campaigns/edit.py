from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.campaigns.models import Campaign, CampaignGroup, Contributor
from outreach.exceptions import Refused
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.signals import campaign_edited, nudge


def note_begun(campaign: Campaign, *, by: Actor) -> None:
    """Keep who wrote a new campaign: they cannot approve it (statement 5)."""
    with transaction.atomic():
        _remember(campaign, by)
        record(campaign, "campaign.begun", by=by)


def note_edit(campaign: Campaign, *, by: Actor, note: str = "") -> None:
    """After any change of a campaign: it is a draft again, and `by` cannot approve it.

    Call it in the transaction of the change. Raises Refused, which must undo the change, once
    the campaign is being sent.
    """
    now = timezone.now()
    with transaction.atomic():
        won = Campaign.objects.filter(pk=campaign.pk, state__in=Campaign.EDITABLE).update(
            state=Campaign.State.DRAFT, changed_at=now
        )
        if not won:
            raise Refused(not_editable(Campaign.objects.get(pk=campaign.pk)))
        _remember(campaign, by)
        record(campaign, "campaign.edited", by=by, note=note)
        nudge(campaign_edited, campaign_id=campaign.pk)
    campaign.state = Campaign.State.DRAFT
    campaign.changed_at = now


def aim_at(campaign: Campaign, group: ContactGroup, *, by: Actor) -> None:
    """Have a campaign be for a group too. Raises Refused once it is being sent."""
    with transaction.atomic():
        CampaignGroup.objects.get_or_create(campaign=campaign, group=group)
        note_edit(campaign, by=by, note=_("also for: %(group)s") % {"group": group.name})


def not_editable(campaign: Campaign) -> str:
    """Why a campaign can no longer be changed, and what to do instead."""
    return _(
        "“%(name)s” is “%(state)s” and can no longer be changed. Begin a new campaign instead."
    ) % {"name": campaign.name, "state": campaign.get_state_display()}


def _remember(campaign: Campaign, by: Actor) -> None:
    if by.is_person:
        Contributor.objects.get_or_create(
            campaign=campaign, actor_key=by.key, defaults={"actor_name": by.name}
        )
