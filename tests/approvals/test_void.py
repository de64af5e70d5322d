"""Statement 5: any edit voids the approval."""

from typing import Any

import pytest

from outreach.approvals.decide import approve
from outreach.approvals.in_force import approval_in_force
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.void import void_stale
from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign, CampaignExclusion
from outreach.history.record import history_of
from outreach.senders.models import Sender
from tests.approvals.asking import Asked, ask
from tests.builders import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["submitted", "approved"])
def asked(request: pytest.FixtureRequest) -> Asked:
    asked = ask()
    if request.param == "approved":
        approve(asked.request, by=asked.by_approver, seen=asked.request.fingerprint)
    return asked


def is_voided(asked: Asked) -> bool:
    asked.request.refresh_from_db()
    asked.campaign.refresh_from_db()
    caps = set(asked.request.run.deliveries.values_list("cap_on", flat=True))
    return (asked.request.state, asked.request.open_slot_id, asked.campaign.state, caps) == (
        "voided",
        None,
        "draft",
        {None},
    )


def test_an_edit_voids_it_at_once(asked: Asked, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        note_edit(asked.campaign, by=asked.by_approver)
    assert is_voided(asked)
    assert approval_in_force(asked.campaign) is None
    assert history_of(asked.campaign)[0].verb == "campaign.approval_voided"


def test_an_edit_voids_it_before_anybody_heard_of_it(asked: Asked) -> None:
    note_edit(asked.campaign, by=asked.by_approver)
    asked.campaign.refresh_from_db()
    assert asked.campaign.state == Campaign.State.DRAFT


def test_the_sweep_finds_what_the_nudge_missed(asked: Asked) -> None:
    note_edit(asked.campaign, by=asked.by_approver)
    assert void_stale() == 1
    assert is_voided(asked)
    assert void_stale() == 0


def test_a_change_elsewhere_takes_it_back_to_the_author(asked: Asked) -> None:
    Sender.objects.filter(pk=asked.campaign.sender_id).update(phone="+39 0141 555 0999")
    assert void_stale() == 1
    assert is_voided(asked)
    entry = history_of(asked.campaign)[0]
    assert (entry.verb, entry.actor_name) == ("campaign.approval_voided", "outreach")
    assert "sender" in entry.note


def test_what_fits_is_left_alone(asked: Asked) -> None:
    assert void_stale() == 0
    assert ApprovalRequest.objects.get().open_slot_id == asked.campaign.pk


def test_what_is_being_sent_is_left_to_the_sending() -> None:
    asked = ask()
    approve(asked.request, by=asked.by_approver, seen=asked.request.fingerprint)
    Campaign.objects.filter(pk=asked.campaign.pk).update(state="sending")
    Sender.objects.filter(pk=asked.campaign.sender_id).update(phone="+39 0141 555 0999")
    assert void_stale() == 0


def test_the_sweep_looks_at_many_in_a_few_queries(django_assert_max_num_queries: Any) -> None:
    for _number in range(4):
        ask()
    with django_assert_max_num_queries(5):
        assert void_stale() == 0


def test_b10_leaving_out_another_campaign_voids_it(asked: Asked) -> None:
    CampaignExclusion.objects.create(campaign=asked.campaign, earlier=make_campaign())

    assert approval_in_force(asked.campaign) is None
    assert void_stale() == 1
    assert is_voided(asked)
