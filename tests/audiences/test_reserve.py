import pytest

from outreach.approvals.decide import refuse
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.ledger.models import Delivery
from outreach.recipients.models import Recipient
from tests.builders import (
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)

pytestmark = pytest.mark.django_db


def campaign_for(*people: Recipient) -> Campaign:
    topic = make_topic()
    for person in people:
        subscribe(person, topic)
    return make_campaign(make_group(*people), topic=topic)


def frozen(campaign: Campaign) -> Campaign:
    freeze(campaign, by=Actor.of(campaign.author))
    return campaign


def test_c7_a_submitted_campaign_counts_before_it_is_sent() -> None:
    maria, piero = make_recipient(), make_recipient()
    first = frozen(campaign_for(maria))
    submit(first, by=Actor.of(first.author))
    run = freeze(second := campaign_for(maria, piero), by=Actor.of(make_campaign().author))
    assert second.name
    assert dict(Delivery.objects.filter(run=run).values_list("recipient", "reason")) == {
        maria.pk: "capped",
        piero.pk: "",
    }


def test_c7_of_two_frozen_at_once_the_first_submitted_has_the_person() -> None:
    maria, piero = make_recipient(), make_recipient()
    first, second = frozen(campaign_for(maria)), frozen(campaign_for(maria, piero))
    submit(first, by=Actor.of(first.author))
    run = submit(second, by=Actor.of(second.author)).run
    run.refresh_from_db()
    assert (run.included, run.excluded) == (1, 1)
    assert Delivery.objects.get(run=run, recipient=maria).reason == "capped"


def test_a_refused_campaign_frees_its_people() -> None:
    maria = make_recipient()
    first, second = frozen(campaign_for(maria)), frozen(campaign_for(maria))
    request = submit(first, by=Actor.of(first.author))
    with pytest.raises(Refused):
        submit(second, by=Actor.of(second.author))
    refuse(request, by=make_actor("piotr"), seen=request.fingerprint, comment="Not now")
    freeze(second, by=Actor.of(second.author))
    assert submit(second, by=Actor.of(second.author)).run.included == 1
