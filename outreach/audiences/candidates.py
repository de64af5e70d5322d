"""Who a campaign is aimed at, before anybody asks whether we may write to them."""

import hashlib
import json

from django.db.models import Q, QuerySet

from outreach.audiences.narrowed import narrowed
from outreach.campaigns.models import Campaign, CampaignExclusion, CampaignGroup
from outreach.eligibility.rule import Within
from outreach.groups.compile import is_member, people_of
from outreach.ledger.reached import is_reached
from outreach.prepared import Prepared, PreparedRow, asked_key
from outreach.recipients.models import Recipient

OF_CAMPAIGN = {"campaign": asked_key("campaign")}
_AIMS = PreparedRow(CampaignGroup, "group", by=OF_CAMPAIGN)
_EARLIER = Prepared(
    lambda: (
        CampaignExclusion.objects.filter(**OF_CAMPAIGN).order_by("earlier").values_list("earlier")
    )
)


def candidates_of(campaign: Campaign, within: Within | None = None) -> QuerySet[Recipient]:
    """Everybody in its groups and in none that it leaves out, as one query not yet run.

    Nor those whom the campaigns reached that it names. Raises BrokenRule.
    """
    wanted, left_out = aimed_at(campaign)
    condition = wanted & ~left_out
    if within:
        condition = within.of("pk") & narrowed(condition, within)
    return people_of(campaign.tenant).filter(condition)


def aimed_at(campaign: Campaign) -> tuple[Q, Q]:
    """Filters on Recipient: who is in its groups, and whom it leaves out. Raises BrokenRule."""
    wanted, left_out = Q(pk__in=[]), Q(pk__in=[])
    for aim in _AIMS.all(campaign=campaign.pk):
        if aim.is_left_out:
            left_out |= is_member(aim.group)
        else:
            wanted |= is_member(aim.group)
    if earlier := [key for (key,) in _EARLIER.rows(campaign=campaign.pk)]:
        left_out |= is_reached(earlier)
    return wanted, left_out


def aims_digest(campaign: Campaign, channel: str) -> str:
    """Names what an audience depends on but people themselves.

    Groups, their rules, earlier campaigns that are left out, and all of the campaign that a rule
    of eligibility asks about.
    """
    aims = campaign.aims.order_by("group").values_list("group", "group__rule", "is_left_out")
    text = json.dumps(
        [
            channel,
            campaign.topic_id,
            campaign.purpose,
            campaign.approach,
            campaign.coordination_id,
            campaign.coordination_rank,
            bool(campaign.cap_reason.strip()),
            [list(aim) for aim in aims],
            [key for (key,) in _EARLIER.rows(campaign=campaign.pk)],
        ],
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()
