"""The front page of staff: what each may do something about, and where each line leads."""

import pytest
from django.test import Client
from django.urls import reverse

from outreach.approvals.decide import approve, ask_for_changes
from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign
from outreach.recipients.sweeping import begin
from outreach.workplace import today
from tests.approvals.asking import APPROVES, WRITES, ask, make_draft
from tests.approvals.browsing import browser_of
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def page_of(client: Client) -> str:
    response = client.get(reverse("admin:outreach_today_changelist"))
    assert response.status_code == 200
    return response.content.decode()


def test_what_waits_for_approval_leads_to_the_page_on_which_it_is_decided() -> None:
    asked = ask()
    html = page_of(browser_of(asked.approver))
    review = reverse("admin:outreach_approvalrequest_review", args=[asked.request.pk])
    assert f'<a href="{review}">{asked.campaign}</a>' in html
    assert "1 person, waits for" in html
    assert "from Anna" in html


def test_the_author_sees_it_with_those_who_wait_for_another_person() -> None:
    asked = ask()
    html = page_of(browser_of(asked.author))
    own, others = html.split("waiting for somebody else’s approval")
    assert asked.campaign.name not in own
    assert asked.campaign.name in others


def test_a_draft_says_who_asked_for_changes_until_it_is_changed() -> None:
    asked = ask()
    ask_for_changes(
        asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment="Shorter."
    )
    author = browser_of(asked.author)
    assert "Piotr asked for changes" in page_of(author)
    note_edit(Campaign.objects.get(pk=asked.campaign.pk), by=asked.by_author)
    html = page_of(author)
    assert asked.campaign.name in html
    assert "asked for changes" not in html


def test_what_is_approved_waits_for_whoever_may_send() -> None:
    asked = ask()
    approve(asked.request, by=asked.by_approver, seen=asked.request.fingerprint)
    assert asked.campaign.name not in page_of(browser_of(asked.approver))
    html = page_of(browser_of(make_user("sofia", *APPROVES, "outreach.send_campaign")))
    assert asked.campaign.name in html.partition("Approved, to be sent")[2]


def test_whoever_may_begin_a_campaign_finds_the_way() -> None:
    add = reverse("admin:outreach_campaign_add")
    assert f'href="{add}" class="addlink"' in page_of(browser_of(make_user("anna", *WRITES)))
    assert f'href="{add}" class="addlink"' not in page_of(browser_of(make_user("p", *APPROVES)))


def test_what_is_not_shown_is_counted_and_linked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(today, "SHOWN", 1)
    author = make_user("anna", *WRITES)
    for name in ("One", "Two"):
        make_draft(author=author, name=name)
    html = page_of(browser_of(author))
    drafts = reverse("admin:outreach_campaign_changelist") + "?state__exact=draft"
    assert f'<a href="{drafts}">and 1 more</a>' in html


def test_a_long_reading_of_the_crm_shows_how_far_it_is() -> None:
    anna = make_user("anna", *WRITES)
    assert "contacts are read" not in page_of(browser_of(anna))
    sweep = begin("crm.contact", total=200_000)
    assert sweep
    sweep.advance("120000", seen=120_000, linked=119_998, failed=2)
    html = page_of(browser_of(anna))
    assert "120,000 of 200,000 contacts are read." in html
    assert "2 contacts could not be read. The log says which." in html
    sweep.finish()
    assert "contacts are read" not in page_of(browser_of(anna))
