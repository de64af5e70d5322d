"""How the last campaigns to the same people or on the same topic went, for whoever decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from outreach.campaigns.models import Campaign
from outreach.ledger.figures import CAME_BACK, NONE, WENT_OUT, Figures, figures_of
from outreach.ledger.models import Delivery, Run
from outreach.recipients.panels import Viewer

MOST = 3


@dataclass(frozen=True, slots=True)
class LastOne:
    """Figures are people; `url` leads to the send log, empty for whoever may not see it."""

    name: str
    approach: str
    at: datetime | None
    url: str
    went_out: int
    delivered: int
    came_back: int
    spam: int


def last_ones(campaign: Campaign, viewer: Viewer) -> list[LastOne]:
    """The latest first; in a fixed number of queries."""
    groups = campaign.aims.filter(is_left_out=False).values("group")
    alike = Q(topic=campaign.topic_id) | Q(aims__group__in=groups, aims__is_left_out=False)
    others = Campaign.objects.filter(alike, tenant=campaign.tenant).exclude(pk=campaign.pk)
    runs = list(
        Run.objects.filter(campaign__in=others.values("pk"), started_at__isnull=False)
        .select_related("campaign")
        .order_by("-started_at", "-pk")[:MOST]
    )
    figures = figures_of(run.pk for run in runs)
    return [_went(run, figures.get(run.pk, NONE), viewer) for run in runs]


def _went(run: Run, figures: Figures, viewer: Viewer) -> LastOne:
    return LastOne(
        name=run.campaign.name,
        approach=run.campaign.get_approach_display(),
        at=run.started_at,
        url=viewer.page_of(Run, run.pk),
        went_out=figures.of(WENT_OUT),
        delivered=figures.of([Delivery.State.DELIVERED]),
        came_back=figures.of(CAME_BACK),
        spam=figures.spam,
    )
