from typing import Any

import pytest

from outreach.campaigns.advance import advance
from outreach.campaigns.edit import note_begun, note_edit
from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import SYSTEM
from outreach.history.record import history_of
from outreach.signals import campaign_edited
from tests.builders import make_actor, make_campaign

pytestmark = pytest.mark.django_db
State = Campaign.State


def in_state(state: str) -> Campaign:
    return make_campaign(state=state)


@pytest.mark.parametrize("state", Campaign.EDITABLE)
def test_an_edit_makes_a_draft_and_a_contributor(state: str) -> None:
    campaign, editor = in_state(state), make_actor("maria")
    before = campaign.changed_at
    note_edit(campaign, by=editor, note="subject")
    note_edit(campaign, by=editor)
    campaign.refresh_from_db()
    assert campaign.state == State.DRAFT
    assert campaign.changed_at > before
    assert [row.actor_key for row in campaign.contributors.all()] == [editor.key]
    assert [(entry.verb, entry.note) for entry in history_of(campaign)] == [
        ("campaign.edited", ""),
        ("campaign.edited", "subject"),
    ]


@pytest.mark.parametrize("state", sorted(set(State) - set(Campaign.EDITABLE)))
def test_what_has_gone_out_cannot_be_edited(state: str) -> None:
    campaign = in_state(state)
    with pytest.raises(Refused, match="can no longer be changed"):
        note_edit(campaign, by=make_actor())
    campaign.refresh_from_db()
    assert campaign.state == state
    assert not campaign.contributors.exists()
    assert not history_of(campaign).exists()


def test_an_edit_is_told_after_commit(django_capture_on_commit_callbacks: Any) -> None:
    told: list[int] = []

    def hear(campaign_id: int, **kwargs: Any) -> None:
        told.append(campaign_id)

    campaign = in_state(State.DRAFT)
    campaign_edited.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            note_edit(campaign, by=make_actor())
            assert told == []
    finally:
        campaign_edited.disconnect(hear)
    assert told == [campaign.pk]


def test_the_software_is_no_contributor() -> None:
    campaign = in_state(State.DRAFT)
    note_edit(campaign, by=SYSTEM)
    assert not campaign.contributors.exists()


def test_whoever_begins_a_campaign_is_kept() -> None:
    campaign, author = in_state(State.DRAFT), make_actor()
    note_begun(campaign, by=author)
    assert campaign.contributors.get().actor_name == author.name
    assert history_of(campaign).get().verb == "campaign.begun"


def test_a_campaign_moves_on_once() -> None:
    campaign = in_state(State.SUBMITTED)
    stale = Campaign.objects.get(pk=campaign.pk)
    frm = [State.SUBMITTED]
    advance(campaign, to=State.APPROVED, frm=frm, by=make_actor(), note="fine")
    with pytest.raises(Conflict, match="approved"):
        advance(stale, to=State.REFUSED, frm=frm, by=make_actor())
    assert campaign.state == State.APPROVED
    assert [(entry.verb, entry.note) for entry in history_of(campaign)] == [
        ("campaign.approved", "fine")
    ]
