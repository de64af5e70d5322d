from typing import Any

import pytest

from outreach.approvals.models import ApprovalRequest
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign
from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.history.record import history_of
from outreach.ledger.models import Delivery
from tests.approvals.asking import Asked, ask, make_draft
from tests.builders import make_actor, make_campaign, make_group

pytestmark = pytest.mark.django_db


def submitted_by_author(campaign: Campaign) -> ApprovalRequest:
    return submit(campaign, by=Actor.of(campaign.author))


def reserved(asked: Asked) -> list[Any]:
    return list(asked.request.run.deliveries.values_list("cap_on", flat=True))


def test_a_complete_draft_is_put_before_others_and_its_limit_is_reserved() -> None:
    asked = ask()
    asked.campaign.refresh_from_db()
    assert asked.campaign.state == Campaign.State.SUBMITTED
    assert asked.request.state == ApprovalRequest.State.OPEN
    assert asked.request.open_slot_id == asked.campaign.pk
    assert history_of(asked.campaign)[0].verb == "campaign.submitted"
    assert None not in reserved(asked)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("would_notice", "would it catch my attention"),
        ("would_help", "useful to me"),
        ("would_welcome", "annoy me"),
    ],
)
def test_a2_without_the_three_answers_it_cannot_be_submitted(question: str, says: str) -> None:
    campaign = make_draft(**{question: ""})
    freeze(campaign, by=make_actor())
    with pytest.raises(Refused, match=says):
        submitted_by_author(campaign)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT


def test_a5_without_a_personal_element_it_cannot_be_submitted() -> None:
    campaign = make_draft(body="Come and taste.")
    freeze(campaign, by=make_actor())
    with pytest.raises(Refused, match="addresses nobody"):
        submitted_by_author(campaign)


def test_b5_without_a_justification_it_cannot_be_submitted() -> None:
    campaign = make_draft(justification="")
    freeze(campaign, by=make_actor())
    with pytest.raises(Refused, match="why it is useful"):
        submitted_by_author(campaign)


def test_the_audience_is_worked_out_first() -> None:
    with pytest.raises(Refused, match="First work out who gets it"):
        submitted_by_author(make_draft())


def test_an_audience_of_other_groups_is_worked_out_again() -> None:
    campaign = make_draft()
    freeze(campaign, by=make_actor())
    campaign.aims.create(group=make_group(), is_left_out=True)
    with pytest.raises(Refused, match="Work out again"):
        submitted_by_author(campaign)


def test_somebody_has_to_get_it() -> None:
    campaign = make_campaign(make_group())
    freeze(campaign, by=make_actor())
    with pytest.raises(Refused, match="Nobody would get this message"):
        submitted_by_author(campaign)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("state", sorted(set(Campaign.State) - {Campaign.State.DRAFT}))
def test_only_a_draft_is_submitted(state: str) -> None:
    campaign = make_draft()
    freeze(campaign, by=make_actor())
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    with pytest.raises(Refused, match="only a draft"):
        submitted_by_author(campaign)
    assert not Delivery.objects.filter(cap_on__isnull=False).exists()


def test_after_an_edit_the_same_audience_is_submitted_again() -> None:
    asked = ask()
    note_edit(asked.campaign, by=asked.by_author)
    again = submit(asked.campaign, by=asked.by_author)
    asked.request.refresh_from_db()
    assert asked.request.state == ApprovalRequest.State.VOIDED
    assert asked.request.open_slot_id is None
    assert again.run == asked.request.run
    assert again.open_slot_id == asked.campaign.pk
    assert None not in reserved(asked)
