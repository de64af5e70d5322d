"""What the top of a campaign's page says of those who get it."""

import pytest
from django.urls import reverse

from outreach.approvals.decide import ask_for_changes
from outreach.approvals.standing import what_was_asked_for, who_would_get_it
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.history.actor import SYSTEM
from outreach.preferences.models import Subscription
from tests.approvals.asking import WRITES, ask, make_draft
from tests.approvals.browsing import browser_of, shown
from tests.builders import make_group, make_user

pytestmark = pytest.mark.django_db


def test_nobody_has_worked_it_out() -> None:
    assert who_would_get_it(make_draft()) == "Nobody has worked out yet who gets it."


def test_how_many_get_it() -> None:
    campaign = make_draft()
    freeze(campaign, by=SYSTEM)
    assert who_would_get_it(campaign) == "1 person gets it."


def test_nobody_gets_it_is_said_on_the_page_and_not_that_all_is_well() -> None:
    author = make_user("anna", *WRITES)
    campaign = make_draft(author=author)
    Subscription.objects.update(is_granted=False)
    freeze(campaign, by=SYSTEM)
    html = shown(browser_of(author), reverse("admin:outreach_campaign_change", args=[campaign.pk]))
    assert "Nobody would get it as it stands. See who is left out, and why." in html
    assert "Submit for approval" not in html


def test_a_change_of_the_groups_asks_to_work_it_out_again() -> None:
    campaign = make_draft()
    freeze(campaign, by=SYSTEM)
    campaign.aims.create(group=make_group(name="More people"))
    assert who_would_get_it(campaign).endswith("Work out again who gets it.")


def test_what_went_out_has_nothing_to_be_worked_out() -> None:
    campaign = make_draft()
    campaign.state = Campaign.State.SENT
    assert who_would_get_it(campaign) == ""


def test_what_was_asked_for_stands_there_until_it_is_submitted_again() -> None:
    asked = ask()
    ask_for_changes(
        asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment="<b>Shorter."
    )
    campaign = Campaign.objects.get(pk=asked.campaign.pk)
    assert what_was_asked_for(campaign) == "Piotr asked for changes: “<b>Shorter.”"
    html = shown(
        browser_of(asked.author), reverse("admin:outreach_campaign_change", args=[campaign.pk])
    )
    assert "Piotr asked for changes: “&lt;b&gt;Shorter.”" in html
    freeze(campaign, by=asked.by_author)
    submit(campaign, by=asked.by_author)
    campaign.refresh_from_db()
    assert what_was_asked_for(campaign) == ""
