"""Campaigns about the same topic that go out at the same time: the software proposes to join them.

A campaign has no date of its own: it goes out once it is approved. So at the same time is what
waits, is approved or is being sent, and what was worked out within the days of the weekly limit.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.approvals.steps import CampaignPage
from outreach.campaigns import standing, steps
from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.preferences.models import Purpose

MOST = 5
State = Campaign.State


def at_the_same_time(campaign: Campaign) -> list[Campaign]:
    """What could be coordinated with it and is not, what is there already first.

    What is being sent can no longer be put anywhere: it counts where it has a coordination. Of
    several coordinations the oldest campaign's; nobody is taken out of one.
    """
    if campaign.purpose != Purpose.COMMERCIAL or campaign.state not in Campaign.EDITABLE:
        return []
    since = timezone.now() - timedelta(days=conf().cap_days)
    others = Campaign.objects.filter(
        Q(state__in=[State.SUBMITTED, State.APPROVED])
        | Q(state=State.SENDING, coordination__isnull=False)
        | Q(state=State.DRAFT, current_run__frozen_at__gte=since),
        topic=campaign.topic_id,
        purpose=Purpose.COMMERCIAL,
    ).exclude(pk=campaign.pk)
    if campaign.coordination_id:
        others = others.filter(coordination__isnull=True)
    found = list(others.select_related("coordination").order_by("created_at", "pk")[:MOST])
    into = next((each.coordination_id for each in found if each.coordination_id), None)
    return [each for each in found if each.coordination_id in (None, into)]


def proposal(campaign: Campaign) -> str:
    """What is about the same, and what to do; "" where nothing is."""
    found = at_the_same_time(campaign)
    if not found:
        return ""
    text = ngettext(
        "%(names)s is about the same topic and goes out at the same time: join them, so that each "
        "person gets one only.",
        "%(names)s are about the same topic and go out at the same time: join them, so that each "
        "person gets one only.",
        len(found),
    ) % {"names": ", ".join(_("“%(name)s”") % {"name": each.name} for each in found)}
    if taken_back := [each for each in (*found, campaign) if _is_taken_back(each)]:
        names = ", ".join(_("“%(name)s”") % {"name": each.name} for each in taken_back)
        text += " " + _("It takes back what was submitted or approved: %(names)s.") % {
            "names": names
        }
    return text


def _is_taken_back(campaign: Campaign) -> bool:
    was_put_before_others = campaign.state in (State.SUBMITTED, State.APPROVED)
    return was_put_before_others and campaign.coordination_id is None


class Join(CampaignPage):
    key = "join"
    label = gettext_lazy("Join them")
    position = 35
    is_post = True
    page = "outreach_campaign_join"

    def is_main(self, campaign: Campaign) -> bool:
        return False

    def is_shown(self, campaign: Campaign, user: Any) -> bool:
        return bool(user.has_perm("outreach.change_campaign") and at_the_same_time(campaign))


def register_proposal() -> None:
    standing.register("same_time", proposal)
    steps.register(Join())
