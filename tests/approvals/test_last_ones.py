"""How the last campaigns to these people or on this topic went, beside the decision."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.test import Client, RequestFactory
from django.utils import timezone

from outreach.approvals.last_ones import MOST, LastOne, last_ones
from outreach.campaigns.models import Campaign
from outreach.ledger.models import Delivery, Run
from outreach.recipients.panels import Viewer
from tests.approvals.asking import Asked, make_draft
from tests.approvals.browsing import review_of, shown
from tests.builders import make_recipient, make_topic, make_user, start_campaign

pytestmark = pytest.mark.django_db


def found(campaign: Campaign, *permissions: str) -> list[LastOne]:
    request = RequestFactory().get("/")
    request.user = make_user("sofia", *permissions)
    return last_ones(campaign, Viewer(request, site))


def sent(name: str, campaign: Campaign) -> Run:
    run = start_campaign(make_recipient(), topic=campaign.topic, name=name)
    Delivery.objects.filter(run=run).update(state="delivered", complained_at=timezone.now())
    return run


def test_figures_of_a_campaign_on_the_same_topic() -> None:
    campaign = make_draft()
    sent("Asti in May", campaign)
    (one,) = found(campaign)
    assert (one.name, one.went_out, one.delivered, one.came_back, one.spam) == (
        "Asti in May",
        1,
        1,
        0,
        1,
    )
    assert one.url == ""


def test_the_send_log_is_a_link_for_whoever_may_see_it() -> None:
    campaign = make_draft()
    run = sent("Asti in May", campaign)
    (one,) = found(campaign, "outreach.view_run")
    assert one.url == f"/admin/outreach/run/{run.pk}/change/"


def test_of_the_same_group_on_another_topic_too() -> None:
    campaign = make_draft()
    run = start_campaign(make_recipient(), topic=make_topic("New vintages"), name="News")
    campaign.aims.create(group=run.campaign.aims.get().group)
    assert [one.name for one in found(campaign)] == ["News"]


def test_others_and_itself_are_not_among_them_and_the_latest_come_first() -> None:
    campaign = make_draft()
    start_campaign(make_recipient(), topic=make_topic("New vintages"), name="Elsewhere")
    for number in range(MOST + 1):
        sent(f"Number {number}", campaign)
    assert [one.name for one in found(campaign)] == ["Number 3", "Number 2", "Number 1"]
    last = Campaign.objects.get(name="Number 3")
    assert "Number 3" not in [one.name for one in found(last)]


def test_it_stands_on_the_review(approver: Client, asked: Asked) -> None:
    sent("Asti in May", asked.campaign)
    html: Any = shown(approver, review_of(asked)).partition("How the last ones went")[2]
    assert "Asti in May" in html
