"""Statement 5: by someone who neither wrote nor edited it, exactly as they saw it."""

from collections.abc import Callable
from typing import Any

import pytest

from outreach.approvals.decide import approve, ask_for_changes, refuse
from outreach.approvals.four_eyes import approvers
from outreach.approvals.in_force import approval_in_force
from outreach.approvals.models import ApprovalRequest, Decision
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.edit import note_edit
from outreach.campaigns.models import Campaign, Contributor, Variant
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import history_of
from outreach.senders.models import Sender
from tests.approvals.asking import APPROVES, Asked, ask
from tests.builders import make_actor, make_user

pytestmark = pytest.mark.django_db
State = ApprovalRequest.State


def approved() -> Asked:
    asked = ask()
    approve(asked.request, by=asked.by_approver, seen=asked.request.fingerprint)
    return asked


def states(asked: Asked) -> tuple[str, str, int | None]:
    request = ApprovalRequest.objects.get(pk=asked.request.pk)
    campaign = Campaign.objects.get(pk=asked.campaign.pk)
    return campaign.state, request.state, request.open_slot_id


def caps(asked: Asked) -> set[Any]:
    return set(asked.request.run.deliveries.values_list("cap_on", flat=True))


def test_somebody_else_approves() -> None:
    asked = approved()
    assert states(asked) == ("approved", "approved", asked.campaign.pk)
    decision = Decision.objects.get()
    assert (decision.by_key, decision.fingerprint) == (
        asked.by_approver.key,
        asked.request.fingerprint,
    )
    assert approval_in_force(asked.campaign) == asked.request
    assert history_of(asked.campaign)[0].verb == "campaign.approved"


def test_changes_are_asked_for_and_the_limit_is_freed() -> None:
    asked = ask()
    ask_for_changes(
        asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment="Which day?"
    )
    assert states(asked) == ("draft", "changes", None)
    assert caps(asked) == {None}
    entry = history_of(asked.campaign)[0]
    assert (entry.verb, entry.note) == ("campaign.changes_asked", "Which day?")


def test_a_refusal_is_final_and_frees_the_limit() -> None:
    asked = ask()
    refuse(asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment="No.")
    assert states(asked) == ("refused", "refused", None)
    assert caps(asked) == {None}
    with pytest.raises(Refused):
        note_edit(asked.campaign, by=asked.by_author)


@pytest.mark.parametrize("verdict", [ask_for_changes, refuse])
def test_anything_but_yes_says_why(verdict: Callable[..., Decision]) -> None:
    asked = ask()
    with pytest.raises(Refused, match="Say in the comment why"):
        verdict(asked.request, by=asked.by_approver, seen=asked.request.fingerprint, comment=" ")
    assert states(asked) == ("submitted", "open", asked.campaign.pk)


def refusal(asked: Asked, by: Actor) -> str:
    with pytest.raises(Refused) as caught:
        approve(asked.request, by=by, seen=asked.request.fingerprint)
    assert states(asked) == ("submitted", "open", asked.campaign.pk)
    assert not Decision.objects.exists()
    return str(caught.value)


def test_the_author_cannot_approve_and_is_told_who_can() -> None:
    asked = ask()
    make_user("maria", *APPROVES)
    make_user("nobody")
    assert refusal(asked, asked.by_author) == (
        "You wrote this campaign, so someone else has to approve it. Maria and Piotr can."
    )


def test_whoever_edited_it_cannot_approve_even_after_somebody_else_submitted() -> None:
    asked = ask()
    note_edit(asked.campaign, by=asked.by_approver)
    again = submit(asked.campaign, by=asked.by_author)
    text = refusal(Asked(asked.campaign, again, asked.author, asked.approver), asked.by_approver)
    assert text.startswith("You edited this campaign, so someone else has to approve it.")
    assert "Nobody else has the permission" in text


def test_whoever_submitted_it_cannot_approve() -> None:
    asked = ask()
    helper = make_actor("helper")
    note_edit(asked.campaign, by=asked.by_author)
    again = submit(asked.campaign, by=helper)
    text = refusal(Asked(asked.campaign, again, asked.author, asked.approver), helper)
    assert text.startswith("You submitted this campaign")


def test_the_software_does_not_approve() -> None:
    assert refusal(ask(), SYSTEM).startswith("A person has to decide")


def test_approvers_are_all_who_may_and_had_no_part_in_it() -> None:
    asked = ask()
    make_user("chief", is_superuser=True)
    make_user("gone", *APPROVES, is_active=False)
    assert approvers(asked.request) == ["Chief", "Piotr"]


def test_two_approvers_at_once_one_wins() -> None:
    asked = ask()
    first = ApprovalRequest.objects.get(pk=asked.request.pk)
    second = ApprovalRequest.objects.get(pk=asked.request.pk)
    other = make_actor("maria")
    approve(first, by=asked.by_approver, seen=first.fingerprint)
    with pytest.raises(Conflict, match="Nothing is left to decide"):
        refuse(second, by=other, seen=second.fingerprint, comment="No.")
    assert states(asked) == ("approved", "approved", asked.campaign.pk)
    assert None not in caps(asked)
    assert Decision.objects.count() == 1


def test_another_fingerprint_than_the_one_seen_is_a_conflict() -> None:
    asked = ask()
    with pytest.raises(Conflict, match="has changed since you looked"):
        approve(asked.request, by=asked.by_approver, seen="0" * 64)
    assert states(asked) == ("submitted", "open", asked.campaign.pk)


def _edit_text(asked: Asked) -> None:
    Variant.objects.filter(campaign=asked.campaign).update(body="Buy, {{ given_name }}!")


def _edit_sender(asked: Asked) -> None:
    Sender.objects.filter(pk=asked.campaign.sender_id).update(phone="+39 0141 555 0999")


def _freeze_again(asked: Asked) -> None:
    Campaign.objects.filter(pk=asked.campaign.pk).update(state="draft")
    freeze(asked.campaign, by=asked.by_author)
    Campaign.objects.filter(pk=asked.campaign.pk).update(state="submitted")


CHANGES_BEHIND_ITS_BACK = [_edit_text, _edit_sender, _freeze_again]


@pytest.mark.parametrize("change", CHANGES_BEHIND_ITS_BACK)
def test_a_change_since_the_submission_is_a_conflict(change: Callable[[Asked], None]) -> None:
    asked = ask()
    change(asked)
    with pytest.raises(Conflict, match="has changed since you looked"):
        approve(asked.request, by=asked.by_approver, seen=asked.request.fingerprint)


@pytest.mark.parametrize("change", CHANGES_BEHIND_ITS_BACK)
def test_an_approval_of_something_else_is_not_in_force(change: Callable[[Asked], None]) -> None:
    asked = approved()
    change(asked)
    assert approval_in_force(asked.campaign) is None


def test_an_approval_by_someone_who_edited_is_not_in_force() -> None:
    asked = approved()
    Contributor.objects.create(
        campaign=asked.campaign, actor_key=asked.by_approver.key, actor_name="Piotr"
    )
    assert approval_in_force(asked.campaign) is None


def test_an_approval_without_a_decision_is_not_in_force() -> None:
    asked = ask()
    ApprovalRequest.objects.update(state=State.APPROVED)
    assert approval_in_force(asked.campaign) is None


def test_nothing_is_decided_twice() -> None:
    asked = approved()
    with pytest.raises(Conflict):
        approve(asked.request, by=make_actor("maria"), seen=asked.request.fingerprint)
