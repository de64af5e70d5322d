"""Before anything is fixed staff see who would get it, and who else writes to them (D6)."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from outreach.approvals import audience_preview
from outreach.audiences.freeze import begin, freeze, sweep
from outreach.campaigns.models import Campaign
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.recipients.models import Recipient
from tests.approvals.asking import WRITES
from tests.approvals.browsing import at, browser_of, shown, text_of
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    subscribe,
)
from tests.groups.people import break_rule, in_italy, make_rule_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria() -> Recipient:
    return make_recipient(name="Maria Rossi")


@pytest.fixture
def campaign(maria: Recipient) -> Campaign:
    topic = make_topic()
    subscribe(maria, topic)
    return make_campaign(make_group(maria, make_recipient(name="<b>Shy</b> One")), topic=topic)


@pytest.fixture
def client() -> Client:
    return browser_of(make_user("anna", *WRITES))


def test_d6_a_draft_shows_who_would_get_it_and_each_line_opens_its_people(
    client: Client, campaign: Campaign
) -> None:
    response = client.get(at("audience", campaign))
    html = response.content.decode()
    assert "Nothing is fixed yet" in html
    assert "No other campaign writes to these people this week." in html
    assert [line.count for line in response.context["lines"]] == [2, 1, 1]
    for line in response.context["lines"]:
        assert line.url.replace("&", "&amp;") in html
        assert len(client.get(line.url).context["rows"]) == line.count
    listed = shown(client, response.context["lines"][1].url)
    assert "&lt;b&gt;Shy&lt;/b&gt; One" in listed
    assert "Maria" not in listed
    assert not Run.objects.exists()


def test_what_was_worked_out_stays_in_sight_beside_how_it_would_be_now(
    client: Client, campaign: Campaign, maria: Recipient
) -> None:
    freeze(campaign, by=SYSTEM)
    subscribe(Recipient.objects.exclude(pk=maria.pk).get(), campaign.topic)
    first = client.get(at("audience", campaign))
    assert first.context["lines"][-1].count == 1
    assert "See how it would be now" in first.content.decode()
    now = client.get(at("audience", campaign), {"now": 1})
    assert now.context["lines"][-1].count == 2
    assert "Back to what was worked out" in now.content.decode()


def test_b10_others_who_write_to_them_this_week_are_named(
    client: Client, campaign: Campaign, maria: Recipient
) -> None:
    other = make_campaign(make_group(maria), topic=campaign.topic, name="Spring <i>news</i>")
    freeze(other, by=SYSTEM)
    text = text_of(shown(client, at("audience", campaign)))
    assert "Spring &lt;i&gt;news&lt;/i&gt; being written 1" in text


def test_no_groups_a_broken_rule_and_too_many_people_each_say_what_to_do(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose at least one group" in shown(client, at("audience", make_campaign()))
    broken = make_campaign(break_rule(make_rule_group(in_italy())))
    assert "outreach-warning" in shown(client, at("audience", broken))
    assert "outreach-warning" in shown(client, at("people", broken) + "?now=1")
    monkeypatch.setattr(audience_preview, "AT_ONCE", 0)
    html = shown(client, at("audience", campaign))
    assert "may take a minute" in html
    assert 'href="?now=1"' in html
    assert "lines" in client.get(at("audience", campaign), {"now": 1}).context


@pytest.mark.parametrize(
    "query",
    ["which=<script>", "page=0", "page=-1", "page=x", "page=99999999999999999999", "which="],
)
def test_any_query_is_answered(client: Client, campaign: Campaign, query: str) -> None:
    html = shown(client, f"{at('people', campaign)}?now=1&{query}")
    assert "<script>" not in html.split("content-main")[1]


def test_long_work_shows_how_far_it_is_goes_on_by_itself_and_can_be_stopped(
    client: Client, campaign: Campaign
) -> None:
    with override_settings(OUTREACH={**settings.OUTREACH, "FREEZE_RANGE": 1}):
        client.post(at("work_out", campaign))
        assert Run.objects.get().state == "freezing"
        html = shown(client, at("audience", campaign))
        assert '<meta http-equiv="refresh"' in html
        assert "0 % are done" in html
        sweep()
        assert Run.objects.get().state == "frozen"
        assert "refresh" not in shown(client, at("audience", campaign))

        begin(campaign, by=SYSTEM)
        html = client.post(at("stop_working_out", campaign), follow=True).content.decode()
        assert "Nothing of it was kept" in html
        assert not Run.objects.filter(current_slot=campaign.pk).exists()
        assert not Delivery.objects.filter(run__state="freezing").exists()
        html = client.post(at("stop_working_out", campaign), follow=True).content.decode()
        assert "done, or stopped, before" in html


def test_stopping_needs_the_permission_and_a_post(client: Client, campaign: Campaign) -> None:
    begin(campaign, by=SYSTEM)
    assert client.get(at("stop_working_out", campaign)).status_code == 405
    other = browser_of(make_user("piotr", "outreach.view_campaign"))
    assert other.post(at("stop_working_out", campaign)).status_code == 403
    assert Run.objects.get().state == "freezing"
