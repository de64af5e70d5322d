"""People whom an earlier campaign reached are left out where a campaign says so (B10)."""

import pytest
from django.db import IntegrityError, transaction

from outreach.audiences.candidates import aims_digest, candidates_of
from outreach.audiences.freeze import freeze
from outreach.audiences.freshness import is_fresh
from outreach.campaigns.models import Campaign, CampaignExclusion
from outreach.dispatch.claim import claim
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.ledger.settle import note
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group, make_recipient, make_topic, start_campaign
from tests.builders import subscribe as asks_for

pytestmark = pytest.mark.django_db


def leave_out(campaign: Campaign, *earlier: Campaign) -> None:
    for each in earlier:
        CampaignExclusion.objects.create(campaign=campaign, earlier=each)


def names(campaign: Campaign) -> set[str]:
    return {person.name for person in candidates_of(campaign)}


def test_b10_whom_an_earlier_campaign_reached_is_no_candidate() -> None:
    maria, piero = make_recipient(name="Maria"), make_recipient(name="Piero")
    earlier = start_campaign(maria).campaign
    campaign = make_campaign(make_group(maria, piero))
    assert names(campaign) == {"Maria", "Piero"}

    leave_out(campaign, earlier)

    assert names(campaign) == {"Piero"}


@pytest.mark.parametrize(
    ("state", "is_reached"),
    [
        ("planned", True),
        ("claimed", True),
        ("sent", True),
        ("delivered", True),
        ("soft_bounced", True),
        ("unknown", True),
        ("bounced", False),
        ("refused", False),
        ("excluded", False),
        ("withdrawn", False),
    ],
)
def test_b10_who_is_reached(state: str, is_reached: bool) -> None:
    maria = make_recipient(name="Maria")
    run = start_campaign(maria)
    is_out = state in {"excluded", "withdrawn"}
    slots = {"recipient_slot": None, "address_slot": None} if is_out else {}
    reason = "no_consent" if state == "excluded" else ""
    Delivery.objects.filter(run=run).update(state=state, reason=reason, **slots)
    campaign = make_campaign(make_group(maria))

    leave_out(campaign, run.campaign)

    assert names(campaign) == (set() if is_reached else {"Maria"})


def test_b10_a_plan_that_was_never_begun_reaches_nobody() -> None:
    maria = make_recipient(name="Maria")
    run = start_campaign(maria)
    Run.objects.update(started_at=None)
    campaign = make_campaign(make_group(maria))

    leave_out(campaign, run.campaign)

    assert names(campaign) == {"Maria"}


def test_b10_what_came_back_meanwhile_frees_the_person_for_the_next() -> None:
    maria = make_recipient(name="Maria")
    run = start_campaign(maria)
    campaign = make_campaign(make_group(maria))
    leave_out(campaign, run.campaign)
    (attempt,) = claim(run).attempts
    assert names(campaign) == set()

    note(attempt, "hard_bounced", at=run.created_at)

    assert names(campaign) == {"Maria"}


def _frozen() -> tuple[Campaign, Run, Recipient]:
    topic = make_topic()
    maria = make_recipient()
    asks_for(maria, topic)
    campaign = make_campaign(make_group(maria), topic=topic)
    return campaign, freeze(campaign, by=SYSTEM), maria


def test_b10_another_exclusion_makes_another_audience() -> None:
    campaign, run, maria = _frozen()
    before = aims_digest(campaign, "email")
    assert is_fresh(run)

    leave_out(campaign, start_campaign(maria).campaign)

    assert aims_digest(campaign, "email") != before
    assert not is_fresh(run)


def test_the_order_of_exclusions_makes_no_difference() -> None:
    one, two = make_campaign(), make_campaign()
    campaign, other = make_campaign(), make_campaign()
    leave_out(campaign, one, two)
    leave_out(other, two, one)
    other.topic = campaign.topic

    assert aims_digest(campaign, "email") == aims_digest(other, "email")


def test_a_campaign_leaves_out_another_one_and_once() -> None:
    campaign, earlier = make_campaign(), make_campaign()
    leave_out(campaign, earlier)

    for wrong in (campaign, earlier):
        with pytest.raises(IntegrityError), transaction.atomic():
            leave_out(campaign, wrong)
