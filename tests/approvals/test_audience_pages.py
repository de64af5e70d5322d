import pytest
from django.test import Client

from outreach.approvals.models import ApprovalRequest
from outreach.campaigns.models import Campaign
from outreach.ledger.models import Run
from tests.approvals.asking import WRITES
from tests.approvals.browsing import at, browser_of, shown
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    subscribe,
)

pytestmark = pytest.mark.django_db


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
