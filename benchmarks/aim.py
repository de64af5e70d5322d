"""What a campaign asks by, as the SQL that is written by hand needs it."""

from dataclasses import dataclass

from outreach.campaigns.models import Campaign
from outreach.preferences.models import Topic


@dataclass(frozen=True)
class Aim:
    """All that a campaign asks by; `earlier` are campaigns whose people are left out."""

    topic: Topic
    groups: tuple[int, ...]
    left_out: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    is_sale: bool = False
    coordination: int | None = None
    rank: int = 0
    passes_cap: bool = False


def aim_of(campaign: Campaign) -> Aim:
    aims = list(campaign.aims.order_by("group").values_list("group", "is_left_out"))
    return Aim(
        topic=campaign.topic,
        groups=tuple(group for group, is_left_out in aims if not is_left_out),
        left_out=tuple(group for group, is_left_out in aims if is_left_out),
        earlier=tuple(campaign.exclusions.values_list("earlier", flat=True)),
        is_sale=campaign.approach == "sale",
        coordination=campaign.coordination_id,
        rank=campaign.coordination_rank,
        passes_cap=bool(campaign.cap_reason.strip()),
    )
