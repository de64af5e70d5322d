"""D2: a wish in somebody's own words proposes them to the campaigns they asked for."""

import pytest

from outreach.audiences.freeze import freeze
from outreach.audiences.told_for import told_for, write_to_them_too
from outreach.campaigns.models import Campaign, CampaignGroup
from outreach.exceptions import Refused
from outreach.groups.models import ContactGroup, Membership
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Delivery
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source
from outreach.preferences.statements import say, take_back, tie
from outreach.preferences.wish_models import Statement
from outreach.recipients.models import Recipient
from tests.approvals.asking import WRITES
from tests.approvals.browsing import at, browser_of, shown
from tests.builders import (
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    start_campaign,
    subscribe,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    topic = make_topic("Internet")
    piero = make_recipient(name="Piero")
    subscribe(piero, topic)
    return make_campaign(make_group(piero), topic=topic)


@pytest.fixture
def maria(campaign: Campaign) -> Recipient:
    return make_recipient(name="Maria <b>Rossi</b>")


@pytest.fixture
def said(maria: Recipient, campaign: Campaign) -> Statement:
    statement = say(maria, "I want internet offers.", source=Source.PHONE, by=make_actor())
    tie(statement, wanted=[campaign.topic], channels=["email"], by=make_actor())
    return statement


@pytest.mark.usefixtures("said")
def test_d2_who_asked_for_it_in_words_is_proposed_and_then_written_to(
    campaign: Campaign, maria: Recipient
) -> None:
    assert list(told_for(campaign)) == [maria]
    assert write_to_them_too(campaign, by=make_actor()) == 1
    assert list(told_for(campaign)) == []
    assert Membership.objects.get(recipient=maria).source == "their own words"
    run = freeze(campaign, by=SYSTEM)
    assert Delivery.objects.get(run=run, recipient=maria).state == "planned"
    assert run.included == 2


@pytest.mark.usefixtures("said")
def test_d2_another_campaign_about_the_topic_takes_the_same_group(campaign: Campaign) -> None:
    write_to_them_too(campaign, by=make_actor())
    other = make_campaign(topic=campaign.topic)
    assert write_to_them_too(other, by=make_actor()) == 1
    assert ContactGroup.objects.filter(name__startswith="Told us").count() == 1


def test_d2_nobody_is_proposed_who_took_it_back_or_wants_nothing_now(
    campaign: Campaign, maria: Recipient, said: Statement
) -> None:
    withdraw(maria, [campaign.topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    assert list(told_for(campaign)) == []
    take_back(said, by=CUSTOMER)
    with pytest.raises(Refused):
        write_to_them_too(campaign, by=make_actor())


@pytest.mark.usefixtures("said")
def test_d2_nobody_is_proposed_whom_the_campaign_leaves_out(
    campaign: Campaign, maria: Recipient
) -> None:
    group = make_group(maria)
    CampaignGroup.objects.create(campaign=campaign, group=group, is_left_out=True)
    assert list(told_for(campaign)) == []
    with pytest.raises(Refused):
        write_to_them_too(campaign, by=make_actor())


@pytest.mark.usefixtures("said")
def test_d2_what_was_submitted_is_a_draft_again_and_what_is_sent_stays_as_it_is(
    campaign: Campaign,
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(state="submitted")
    write_to_them_too(campaign, by=make_actor())
    assert Campaign.objects.get(pk=campaign.pk).state == "draft"
    sent = start_campaign(make_recipient(), topic=campaign.topic).campaign
    with pytest.raises(Refused):
        write_to_them_too(sent, by=make_actor())
    assert sent.aims.count() == 1


@pytest.mark.usefixtures("said")
def test_d2_the_page_names_them_and_one_button_adds_them(campaign: Campaign) -> None:
    client = browser_of(make_user("anna", *WRITES))
    html = shown(client, at("audience", campaign))
    assert "Maria &lt;b&gt;Rossi&lt;/b&gt;" in html
    assert client.get(at("write_to_them", campaign)).status_code == 405
    html = client.post(at("write_to_them", campaign), follow=True).content.decode()
    assert "It is for 1 more person now." in html
    assert "in none of the groups" not in html
    html = client.post(at("write_to_them", campaign), follow=True).content.decode()
    assert "Nobody else has told us so any more." in html
    looks = browser_of(make_user("piotr", "outreach.view_campaign"))
    assert looks.post(at("write_to_them", campaign)).status_code == 403
