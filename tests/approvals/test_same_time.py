"""B10: campaigns about the same topic at the same time are proposed to be joined, and can be."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outreach.approvals.decide import approve
from outreach.approvals.in_force import approval_in_force
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.same_time import at_the_same_time, proposal
from outreach.audiences.freeze import freeze
from outreach.campaigns.coordinate import join
from outreach.campaigns.models import Campaign, Coordination
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import Actor
from outreach.history.record import history_of
from outreach.ledger.models import Run
from tests.approvals.asking import WRITES, Asked, ask, make_draft
from tests.approvals.browsing import at, browser_of, review_of, shown, text_of
from tests.builders import make_actor, make_topic, make_user
from tests.campaigns.test_campaign_admin import form

pytestmark = pytest.mark.django_db
ANNA = Actor(key="1", name="Anna")


@pytest.fixture
def author() -> Any:
    return make_user("anna", *WRITES)


@pytest.fixture
def browser(author: Any) -> Client:
    return browser_of(author)


def asked(name: str = "Spring tasting", **fields: Any) -> Asked:
    return ask(name=name, **fields)


def beside(campaign: Campaign, **fields: Any) -> Campaign:
    return make_draft(topic=campaign.topic, **fields)


def in_order(together: Coordination) -> list[Campaign]:
    return list(together.campaigns.order_by("coordination_rank"))


def test_b10_what_waits_about_the_same_topic_is_proposed() -> None:
    spring = asked().campaign
    draft = beside(spring)
    assert at_the_same_time(draft) == [spring]
    assert proposal(draft) == (
        "“Spring tasting” is about the same topic and goes out at the same time: join them, so "
        "that each person gets one only. It takes back what was submitted or approved: "
        "“Spring tasting”."
    )


@pytest.mark.parametrize(
    ("state", "is_proposed"),
    [
        ("draft", False),  # nobody has worked out who gets it
        ("submitted", True),
        ("approved", True),
        ("sending", False),  # it can no longer be coordinated
        ("sent", False),
        ("refused", False),
        ("stopped", False),
    ],
)
def test_b10_what_is_over_or_not_yet_meant_is_not(state: str, *, is_proposed: bool) -> None:
    spring = make_draft()
    Campaign.objects.filter(pk=spring.pk).update(state=state)
    assert bool(at_the_same_time(beside(spring))) is is_proposed


def test_b10_a_draft_counts_for_a_week_after_its_people_were_worked_out() -> None:
    spring = make_draft()
    freeze(spring, by=ANNA)
    draft = beside(spring)
    assert at_the_same_time(draft) == [spring]
    Run.objects.update(frozen_at=timezone.now() - timedelta(days=8))
    assert at_the_same_time(draft) == []


def test_b10_other_topics_and_routine_messages_are_left_in_peace() -> None:
    spring = asked().campaign
    assert at_the_same_time(make_draft(topic=make_topic("Another"))) == []
    assert at_the_same_time(beside(spring, purpose="routine")) == []


def test_b10_one_that_is_sent_already_can_be_joined_where_it_is() -> None:
    together = Coordination.objects.create(name="Spring")
    spring = make_draft(coordination=together, coordination_rank=4)
    Campaign.objects.filter(pk=spring.pk).update(state="sending")
    draft = beside(spring)
    assert join(draft, at_the_same_time(draft), by=ANNA) == together
    draft.refresh_from_db()
    assert (draft.coordination, draft.coordination_rank) == (together, 5)
    assert history_of(spring).count() == 0


def test_b10_nobody_is_taken_out_of_another_coordination() -> None:
    first, second = asked("First").campaign, None
    second = ask(topic=first.topic, name="Second").campaign
    for campaign in (first, second):
        Campaign.objects.filter(pk=campaign.pk).update(
            coordination=Coordination.objects.create(name=campaign.name)
        )
    draft = beside(first)
    assert at_the_same_time(draft) == [first]
    join(draft, at_the_same_time(draft), by=ANNA)
    draft.refresh_from_db()
    assert at_the_same_time(draft) == []


def test_b10_one_button_joins_them_and_it_is_an_edit_of_both(browser: Client) -> None:
    spring = asked()
    approve(spring.request, by=spring.by_approver, seen=spring.request.fingerprint)
    draft = beside(spring.campaign, name="A visit")
    page = shown(browser, at("change", draft))
    assert "is about the same topic" in page
    assert "Join them" in page
    assert browser.get(at("join", draft)).status_code == 405
    sent = form(campaign=draft, _step="join")
    answer = browser.post(at("change", draft), sent)
    assert (answer.status_code, answer["Location"]) == (307, at("join", draft))
    browser.post(at("join", draft))
    together = Coordination.objects.get()
    assert in_order(together) == [spring.campaign, draft]
    spring.campaign.refresh_from_db()
    assert spring.campaign.state == Campaign.State.DRAFT
    assert approval_in_force(spring.campaign) is None
    for campaign in in_order(together):
        entry = history_of(campaign).filter(verb="campaign.edited").get()
        assert (entry.actor_name, entry.note) == ("Anna", f"coordinated: {together}")
        assert campaign.contributors.filter(actor_name="Anna").exists()
    assert "Join them" not in shown(browser, at("change", draft))


@pytest.mark.django_db(transaction=True)
def test_statement_5_an_approval_does_not_outlive_a_join() -> None:
    spring = asked()
    approve(spring.request, by=spring.by_approver, seen=spring.request.fingerprint)
    draft = beside(spring.campaign)
    join(draft, [spring.campaign], by=make_actor())
    spring.request.refresh_from_db()
    assert spring.request.state == ApprovalRequest.State.VOIDED


def test_without_the_permission_nothing_is_joined() -> None:
    draft = beside(asked().campaign)
    reader = browser_of(make_user("bruno", "outreach.view_campaign"))
    assert "Join them" not in shown(reader, at("change", draft))
    assert reader.post(at("join", draft)).status_code == 403
    assert not Coordination.objects.exists()


def test_what_is_gone_meanwhile_is_said(browser: Client) -> None:
    draft = make_draft()
    answer = browser.post(at("join", draft), follow=True)
    assert "Nothing else is about this topic" in answer.content.decode()
    assert not Coordination.objects.exists()


def test_whoever_comes_second_joins_nothing() -> None:
    spring = asked().campaign
    draft = beside(spring)
    others = at_the_same_time(draft)
    join(beside(spring), [Campaign.objects.get(pk=spring.pk)], by=ANNA)
    with pytest.raises(Conflict):
        join(draft, others, by=ANNA)
    draft.refresh_from_db()
    assert draft.coordination is None
    assert Coordination.objects.count() == 1


def test_what_is_being_sent_meanwhile_is_not_changed() -> None:
    spring = asked().campaign
    draft = beside(spring)
    others = at_the_same_time(draft)
    Campaign.objects.filter(pk=spring.pk).update(state="sending")
    with pytest.raises(Refused):
        join(draft, others, by=ANNA)
    assert not Campaign.objects.filter(coordination__isnull=False).exists()
    assert not Coordination.objects.exists()


def test_names_however_long_and_alike_make_two_coordinations() -> None:
    made = set()
    for _time in range(2):
        spring, draft = make_draft(name="x" * 160), make_draft(name="y" * 160)
        made.add(join(draft, [spring], by=ANNA).pk)
    assert len(made) == 2


def test_c7_the_approver_reads_why_it_passes_the_weekly_limit() -> None:
    spring = asked(cap_reason="The grower is here on Saturday alone.")
    html = shown(browser_of(spring.approver), review_of(spring))
    assert '<p class="outreach-warning">' in html
    assert "It passes the weekly limit: people get it" in text_of(html)
    assert "The grower is here on Saturday alone." in html


def test_b10_the_approver_sees_which_it_is_coordinated_with_and_in_which_order() -> None:
    together = Coordination.objects.create(name="Spring in Asti")
    make_draft(name="A visit", coordination=together, coordination_rank=2)
    spring = asked(coordination=together, coordination_rank=1)
    text = text_of(shown(browser_of(spring.approver), review_of(spring)))
    assert "1. Spring tasting (this one) 2. A visit (being written)" in text
    assert "weekly limit" not in text


def test_the_approver_of_a_campaign_by_itself_sees_nothing_of_others() -> None:
    alone = asked()
    text = text_of(shown(browser_of(alone.approver), review_of(alone)))
    assert "At the same time as others" not in text


@pytest.mark.parametrize(
    "changed",
    [
        {"cap_reason": "It is the harvest."},
        {"coordination_rank": 3},
        {"coordination": "new"},
    ],
)
@pytest.mark.django_db(transaction=True)
def test_statement_5_to_change_it_in_the_form_takes_the_approval_back(
    changed: dict[str, Any],
) -> None:
    browser = browser_of(make_user("anna", *WRITES))
    spring = asked()
    approve(spring.request, by=spring.by_approver, seen=spring.request.fingerprint)
    if "coordination" in changed:
        changed = {"coordination": Coordination.objects.create(name="Spring in Asti").pk}
    answer = browser.post(at("change", spring.campaign), form(campaign=spring.campaign, **changed))
    assert answer.status_code == 302
    spring.campaign.refresh_from_db()
    spring.request.refresh_from_db()
    assert spring.campaign.state == Campaign.State.DRAFT
    assert spring.request.state == ApprovalRequest.State.VOIDED


def test_a_coordination_shows_its_campaigns_in_order() -> None:
    together = Coordination.objects.create(name="Spring in Asti")
    make_draft(name="A visit", coordination=together, coordination_rank=2)
    make_draft(name="Spring tasting", coordination=together, coordination_rank=1)
    reader = browser_of(make_user("anna", "outreach.view_campaign", "outreach.change_coordination"))
    text = text_of(shown(reader, f"/admin/outreach/coordination/{together.pk}/change/"))
    assert text.index("Spring tasting") < text.index("A visit")
    assert "Spring in Asti" in text_of(shown(reader, "/admin/outreach/coordination/"))


def test_a_coordination_is_made_and_named_once() -> None:
    browser = browser_of(make_user("anna", "outreach.add_coordination"))
    page = "/admin/outreach/coordination/add/"
    sent = {"name": "Spring", "campaigns-TOTAL_FORMS": 0, "campaigns-INITIAL_FORMS": 0}
    assert browser.post(page, sent).status_code == 302
    assert "with this name already" in browser.post(page, sent).content.decode()
    assert Coordination.objects.get().name == "Spring"
