import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outreach.approvals.decide import approve
from outreach.approvals.models import ApprovalRequest, Decision
from outreach.campaigns.models import Campaign, Variant
from outreach.ledger.models import Run
from tests.approvals.asking import APPROVES, WRITES, Asked, ask, make_draft
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    subscribe,
)

pytestmark = pytest.mark.django_db


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, campaign: Campaign) -> str:
    return reverse(f"admin:outreach_campaign_{name}", args=[campaign.pk])


def review_of(asked: Asked) -> str:
    return reverse("admin:outreach_approvalrequest_review", args=[asked.request.pk])


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def shown(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def asked() -> Asked:
    return ask()


@pytest.fixture
def approver(asked: Asked) -> Client:
    return browser_of(asked.approver)


@pytest.fixture
def author(asked: Asked) -> Client:
    return browser_of(asked.author)


class TestAudience:
    @pytest.fixture
    def campaign(self) -> Campaign:
        topic = make_topic()
        wants, shy, unreached = (
            make_recipient(name="Maria Rossi"),
            make_recipient(name="<b>Shy</b> One"),
            make_recipient(None, name="Nobody There"),
        )
        subscribe(wants, topic)
        group = make_group(wants, shy, unreached, name="Piedmont")
        return make_campaign(group, topic=topic)

    @pytest.fixture
    def client(self) -> Client:
        return browser_of(make_user("anna", *WRITES))

    def test_it_says_what_to_do_while_nobody_is_worked_out(
        self, client: Client, campaign: Campaign
    ) -> None:
        assert "press “Work out who gets it”" in shown(client, at("audience", campaign))

    def test_the_waterfall_adds_up_and_each_line_leads_to_its_people(
        self, client: Client, campaign: Campaign
    ) -> None:
        response = client.post(at("work_out", campaign))
        assert response.headers["Location"] == at("audience", campaign)
        html = shown(client, at("audience", campaign))
        lines = client.get(at("audience", campaign)).context["lines"]
        assert lines[0].count == sum(line.count for line in lines[1:]) == 3
        assert "style=" not in html.split("outreach-waterfall")[1].split("</table>")[0]
        for line in lines:
            assert line.url in html
            listed = client.get(line.url).context["rows"]
            assert listed.paginator.count == line.count
        outcome = shown(client, lines[-1].url)
        assert "Maria Rossi" in outcome
        assert "Shy" not in outcome

    def test_people_are_shown_as_words_with_the_reason(
        self, client: Client, campaign: Campaign
    ) -> None:
        client.post(at("work_out", campaign))
        html = shown(client, at("people", campaign))
        assert "&lt;b&gt;Shy&lt;/b&gt; One" in html
        assert "have not asked" in html

    def test_a_reason_that_does_not_exist_is_an_empty_list(
        self, client: Client, campaign: Campaign
    ) -> None:
        client.post(at("work_out", campaign))
        url = at("people", campaign)
        assert "Nobody here." in shown(client, f"{url}?which=<script>&page=x")

    def test_an_outdated_audience_says_so_and_offers_to_work_it_out_again(
        self, client: Client, campaign: Campaign
    ) -> None:
        client.post(at("work_out", campaign))
        campaign.aims.create(group=make_group(), is_left_out=True)
        html = shown(client, at("audience", campaign))
        assert "have changed since" in html
        assert "Submit for approval" not in html
        assert "Work out who gets it</button>" in html

    def test_no_groups_is_said_and_nothing_breaks(self, client: Client) -> None:
        bare = make_campaign()
        html = client.post(at("work_out", bare), follow=True).content.decode()
        assert "Choose at least one group" in html

    def test_a_get_works_nothing_out(self, client: Client, campaign: Campaign) -> None:
        for name in ("work_out", "submit"):
            assert client.get(at(name, campaign)).status_code == 405
        assert not Run.objects.exists()

    def test_submitting_leads_to_the_review(self, client: Client, campaign: Campaign) -> None:
        client.post(at("work_out", campaign))
        assert "Submit for approval" in shown(client, at("audience", campaign))
        html = client.post(at("submit", campaign), follow=True).content.decode()
        assert ApprovalRequest.objects.count() == 1
        assert "Submitted. Now another person looks at it." in html

    def test_a_refused_submission_says_why_on_the_campaigns_page(
        self, client: Client, campaign: Campaign
    ) -> None:
        html = client.post(at("submit", campaign), follow=True).content.decode()
        assert "First work out who gets it" in html


class TestReview:
    def test_all_there_is_to_weigh_in_its_order(self, approver: Client, asked: Asked) -> None:
        text = text_of(shown(approver, review_of(asked)))
        order = [
            "The message",
            "A tasting on Saturday",
            "would it catch my attention?",
            "Yes, it names a date and a place.",
            "The tasting is near you and free.",
            "Who gets it",
            "will be written to",
            "Signed by",
            "+39 0141 555 0100",
            "What a check found",
            "How it came about",
            "submitted it for approval",
            "Approve",
            "Ask for changes",
            "Refuse",
        ]
        place = 0
        for words in order:
            place = text.index(words, place)

    def test_the_approver_approves_what_they_saw(self, approver: Client, asked: Asked) -> None:
        seen = approver.get(review_of(asked)).context["seen"]
        response = approver.post(
            review_of(asked), {"verdict": "approve", "seen": seen}, follow=True
        )
        assert "Approved. It can be sent now." in response.content.decode()
        asked.campaign.refresh_from_db()
        assert asked.campaign.state == "approved"

    def test_the_author_reads_who_can_instead_of_buttons(
        self, author: Client, asked: Asked
    ) -> None:
        html = shown(author, review_of(asked))
        assert "You wrote this campaign, so someone else has to approve it. Piotr can." in html
        assert 'name="verdict"' not in html
        data = {"verdict": "approve", "seen": asked.request.fingerprint}
        assert "You wrote this campaign" in author.post(review_of(asked), data).content.decode()
        assert not Decision.objects.exists()

    def test_a_change_in_between_is_said_and_the_comment_is_kept(
        self, approver: Client, asked: Asked
    ) -> None:
        seen = approver.get(review_of(asked)).context["seen"]
        Variant.objects.update(body="Buy, {{ given_name }}!")
        data = {"verdict": "approve", "seen": seen, "comment": "fine with me"}
        html = approver.post(review_of(asked), data).content.decode()
        assert "has changed since you looked" in html
        assert "It has changed since it was submitted" in html
        assert not Decision.objects.exists()

    def test_a_comment_that_is_needed_is_asked_for_and_nothing_is_lost(
        self, approver: Client, asked: Asked
    ) -> None:
        data = {"verdict": "refuse", "seen": asked.request.fingerprint, "comment": "  "}
        assert "Say in the comment why" in approver.post(review_of(asked), data).content.decode()

    @pytest.mark.parametrize("verdict", ["", "nonsense", "<script>"])
    def test_no_or_another_verdict_is_none(
        self, approver: Client, asked: Asked, verdict: str
    ) -> None:
        data = {"verdict": verdict, "seen": asked.request.fingerprint}
        assert "Choose one of the three" in approver.post(review_of(asked), data).content.decode()
        assert not Decision.objects.exists()

    def test_after_the_decision_it_says_who_decided_what(
        self, approver: Client, asked: Asked
    ) -> None:
        approve(
            asked.request,
            by=asked.by_approver,
            seen=asked.request.fingerprint,
            comment="Good <b>idea</b>.",
        )
        html = shown(approver, review_of(asked))
        assert "Piotr approved," in text_of(html)
        assert "Good &lt;b&gt;idea&lt;/b&gt;." in html
        assert 'name="verdict"' not in html

    def test_the_list_of_requests_leads_to_the_review(self, approver: Client, asked: Asked) -> None:
        shown(approver, reverse("admin:outreach_approvalrequest_changelist"))
        change = reverse("admin:outreach_approvalrequest_change", args=[asked.request.pk])
        assert approver.get(change).headers["Location"] == review_of(asked)

    def test_reviewing_takes_few_queries(
        self, approver: Client, asked: Asked, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(45):
            shown(approver, review_of(asked))


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
