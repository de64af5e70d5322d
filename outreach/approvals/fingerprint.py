"""One name for everything that is sent or shown to an approver: any change of it is another name.

What the frame of a message takes from settings and templates belongs to whoever runs the site,
and is no part of it.
"""

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet

from outreach.campaigns.models import Campaign, CampaignExclusion, CampaignGroup, Variant
from outreach.ledger.models import Run

CAMPAIGN_FIELDS = (
    "name",
    "topic_id",
    "purpose",
    "approach",
    "sender_id",
    "justification",
    "would_notice",
    "would_help",
    "would_welcome",
    "impersonal_reason",
    "cap_reason",
    "coordination_id",
    "coordination_rank",
)
TOPIC_FIELDS = ("slug", "name", "purpose")
SENDER_FIELDS = ("name", "role", "email", "phone", "is_active")
AIM_FIELDS = ("group_id", "is_left_out")
VARIANT_FIELDS = ("channel", "subject", "preheader", "body")
RUN_FIELDS = ("id", "campaign_id", "channel", "digest", "included")


def fingerprint(campaign: Campaign, run: Run) -> str:
    """The fingerprint of a campaign and its audience as they stand in the database now."""
    return fingerprint_of(
        with_content(Campaign.objects.all()).get(pk=campaign.pk), Run.objects.get(pk=run.pk)
    )


def with_content(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Load what `fingerprint_of` reads, in a fixed number of queries."""
    aims = CampaignGroup.objects.select_related("group").order_by("group")
    exclusions = CampaignExclusion.objects.select_related("earlier").order_by("earlier")
    variants = Variant.objects.order_by("channel")
    return campaigns.select_related("topic", "sender", "coordination").prefetch_related(
        Prefetch("aims", queryset=aims),
        Prefetch("exclusions", queryset=exclusions),
        Prefetch("variants", queryset=variants),
    )


def fingerprint_of(campaign: Campaign, run: Run) -> str:
    """SHA-256 over canonical JSON, as 64 hex digits. `campaign` comes from `with_content`."""
    text = json.dumps(content_of(campaign, run), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(campaign: Campaign, run: Run) -> dict[str, Any]:
    """What the fingerprint names, as JSON can hold it. `campaign` comes from `with_content`."""
    return {
        "version": 1,
        "campaign": _values(campaign, CAMPAIGN_FIELDS),
        "topic": _values(campaign.topic, TOPIC_FIELDS),
        "sender": _values(campaign.sender, SENDER_FIELDS),
        "coordination": campaign.coordination.name if campaign.coordination else "",
        "aims": [
            {**_values(aim, AIM_FIELDS), "group": aim.group.name} for aim in campaign.aims.all()
        ],
        "exclusions": [_values(each.earlier, ("id", "name")) for each in campaign.exclusions.all()],
        "variants": [_values(variant, VARIANT_FIELDS) for variant in campaign.variants.all()],
        "run": _values(run, RUN_FIELDS),
    }


def _values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
