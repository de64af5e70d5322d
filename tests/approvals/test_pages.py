import pytest
from django.test import Client
from django.urls import reverse

from outreach.approvals.models import Decision
from outreach.campaigns.models import Campaign
from tests.approvals.asking import APPROVES, WRITES, Asked, ask, make_draft
from tests.approvals.browsing import at, browser_of, review_of, shown
from tests.builders import (
    make_recipient,
    make_user,
)

pytestmark = pytest.mark.django_db


class TestMessage:
    def test_it_is_seen_as_one_of_the_audience_or_as_somebody_unknown(self, asked: Asked) -> None:
        client = browser_of(asked.author)
        person = asked.request.run.deliveries.get().recipient
        as_person = shown(client, f"{at('message', asked.campaign)}?as={person.public_id}")
        assert "Dear Maria," in as_person
        assert "Dear friend," in shown(client, f"{at('message', asked.campaign)}?as=nobody")

    def test_whoever_is_not_in_the_audience_cannot_be_looked_up(self, asked: Asked) -> None:
        other = make_recipient(name="Secret Person")
        url = f"{at('mail', asked.campaign)}?as={other.public_id}"
        assert "Secret" not in shown(browser_of(asked.author), url)

    def test_its_html_has_a_policy_of_its_own_and_stays_in_our_frames(self, asked: Asked) -> None:
        response = browser_of(asked.author).get(at("mail", asked.campaign))
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "sandbox" in policy
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
        page = shown(browser_of(asked.author), at("message", asked.campaign))
        assert "unsafe-inline" not in page
        assert "<iframe" in page
        assert " sandbox " in page

    def test_a_draft_without_audience_or_text_has_a_page(self) -> None:
        campaign = make_draft()
        client = browser_of(make_user("anna", *WRITES))
        assert "Dear friend," in shown(client, at("message", campaign))
        campaign.variants.all().delete()
        assert "not written yet" in shown(client, at("message", campaign))
        assert shown(client, at("mail", campaign)) == ""


PAGES = ["message", "mail", "audience", "people", "work_out", "submit"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_gets_in_without_login_or_permission(asked: Asked, name: str) -> None:
    url = at(name, asked.campaign)
    stranger = browser_of(make_user("stranger", "outreach.view_sender"))
    for method in ("get", "post"):
        assert getattr(Client(), method)(url).status_code == 302
        assert getattr(stranger, method)(url).status_code in (403, 405)


def test_nobody_reviews_without_login_or_permission(asked: Asked) -> None:
    url = review_of(asked)
    assert Client().get(url).status_code == 302
    stranger = browser_of(make_user("stranger", "outreach.view_sender"))
    assert stranger.get(url).status_code == 403
    reader = browser_of(make_user("reader", "outreach.view_campaign"))
    assert "do not have the permission" in shown(reader, url)
    data = {"verdict": "approve", "seen": asked.request.fingerprint}
    for client in (stranger, reader):
        assert client.post(url, data).status_code == 403
    assert not Decision.objects.exists()


def test_an_approver_alone_cannot_submit_or_work_out(approver: Client) -> None:
    draft = make_draft()
    for name in ("work_out", "submit"):
        assert approver.post(at(name, draft)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_campaign_that_is_not_there_is_not_found(name: str) -> None:
    chief = browser_of(make_user("chief", is_superuser=True))
    url = reverse(f"admin:outreach_campaign_{name}", args=[987654])
    assert {chief.get(url).status_code, chief.post(url).status_code} <= {404, 405}


def test_forms_are_safe_from_other_sites(asked: Asked) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(asked.approver)
    data = {"verdict": "approve", "seen": asked.request.fingerprint}
    assert client.post(review_of(asked), data).status_code == 403


def test_main_steps_follow_the_state(asked: Asked) -> None:
    chief = browser_of(make_user("chief", is_superuser=True))

    def main_step(campaign: Campaign) -> str | None:
        url = reverse("admin:outreach_campaign_change", args=[campaign.pk])
        steps = chief.get(url).context["steps"]
        return next((step.key for step in steps if step.is_main), None)

    draft = make_draft()
    assert main_step(draft) == "work_out"
    chief.post(at("work_out", draft))
    assert main_step(draft) == "submit"
    assert main_step(asked.campaign) == "review"


def test_an_approver_needs_no_other_permission() -> None:
    asked = ask()
    client = browser_of(make_user("chair", "outreach.approve_campaign"))
    seen = client.get(review_of(asked)).context["seen"]
    client.post(review_of(asked), {"verdict": "approve", "seen": seen})
    assert Decision.objects.get().verdict == "approve"
    assert set(APPROVES) >= {"outreach.approve_campaign"}
