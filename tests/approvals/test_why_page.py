"""Why somebody gets a campaign, or not, asked from its list of people (B3)."""

import pytest
from django.urls import reverse

from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign, CampaignExclusion
from outreach.eligibility.rules import no_address, no_consent
from outreach.history.actor import SYSTEM
from outreach.recipients.models import Recipient
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    start_campaign,
    subscribe,
)
from tests.groups.pages import login, text_of
from tests.groups.people import break_rule, in_italy, make_rule_group

pytestmark = pytest.mark.django_db

LOOK = ("outreach.view_campaign",)
ALL = (*LOOK, "outreach.view_recipient", "outreach.view_contactgroup")


def at(name: str, campaign: Campaign, *args: int) -> str:
    return reverse(f"admin:outreach_campaign_{name}", args=[campaign.pk, *args])


def frozen(*people: Recipient) -> Campaign:
    topic = make_topic()
    subscribe(people[0], topic)
    campaign = make_campaign(make_group(*people, name="Press"), topic=topic)
    freeze(campaign, by=SYSTEM)
    return campaign


def test_b3_from_the_list_of_those_left_out_one_asks_why() -> None:
    maria, piero = make_recipient(name="Maria"), make_recipient(name="Piero")
    campaign, client = frozen(maria, piero), login(*ALL)

    listed = client.get(at("people", campaign), {"which": "no_consent"}).content.decode()
    assert at("why", campaign, piero.pk) in listed
    assert at("why", campaign, maria.pk) not in listed

    text = text_of(client.get(at("why", campaign, piero.pk)))
    assert "Piero does not get it: people who have not asked" in text
    assert "Press written to yes Why? Press" in text
    assert "Maria is among those who are written to" in text_of(
        client.get(at("why", campaign, maria.pk))
    )


def test_b3_anybody_else_is_searched_for() -> None:
    campaign, ivan = frozen(make_recipient(name="Maria")), make_recipient(name="Ivan Petrov")
    client = login(*ALL)

    assert at("why_ask", campaign) in client.get(at("audience", campaign)).content.decode()
    found = client.get(at("why_ask", campaign), {"q": "petrov"})
    assert at("why", campaign, ivan.pk) in found.content.decode()
    text = text_of(client.get(at("why", campaign, ivan.pk)))
    assert "Ivan Petrov is not among the people that were worked out." in text
    assert "Press written to no Why not? Press" in text


def test_b10_an_earlier_campaign_that_reached_them_is_named() -> None:
    maria = make_recipient(name="Maria")
    earlier = start_campaign(maria, name="Asti in April").campaign
    campaign = make_campaign(make_group(maria))
    CampaignExclusion.objects.create(campaign=campaign, earlier=earlier)

    text = text_of(login(*ALL).get(at("why", campaign, maria.pk)))

    assert "leaves out whom “Asti in April” reached, and it reached Maria." in text


def test_a_broken_rule_is_shown_as_broken() -> None:
    maria = make_recipient(name="Maria")
    campaign = make_campaign(break_rule(make_rule_group(in_italy(), name="Italy")))

    assert "Italy written to rule is broken" in text_of(
        login(*ALL).get(at("why", campaign, maria.pk))
    )


def test_without_permission_there_is_nothing_and_no_link_to_what_one_may_not_see() -> None:
    maria = make_recipient(name="Maria")
    campaign = frozen(maria)

    assert login().get(at("why", campaign, maria.pk)).status_code == 403
    assert login().get(at("why_ask", campaign)).status_code == 403
    shown = login(*LOOK).get(at("why", campaign, maria.pk))
    assert "Press written to yes" in text_of(shown)
    assert "contactgroup" not in shown.content.decode().partition("outreach-panel")[2]
    assert login(*LOOK).get(at("why", campaign, 10**9)).status_code == 404
    assert login(*LOOK).get(at("why", campaign, 10**30)).status_code == 404


def test_every_reason_is_told_and_what_would_change_it_before_anything_is_worked_out() -> None:
    nobody = make_recipient(None, name="Nobody There")
    campaign = make_campaign(make_group(nobody), topic=make_topic())
    text = text_of(login(*ALL).get(at("why", campaign, nobody.pk)))
    assert "No: Nobody There …" in text
    assert str(no_address.RULE.sentence) in text
    assert str(no_address.RULE.mend) in text
    assert str(no_consent.RULE.sentence) in text
    assert "was worked out" not in text
