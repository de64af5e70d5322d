import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign, Variant
from outreach.campaigns.steps import shown_steps
from outreach.dispatch import hold
from outreach.dispatch.claim import claim
from outreach.dispatch.send import send_run
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import history_of
from outreach.ledger.models import Delivery, Run
from outreach.ledger.settle import note
from tests.builders import (
    approve_campaign,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    make_user,
    start_campaign,
    subscribe,
)
from tests.recipients.staff_pages import (
    browser,
    html_of,
    links_in,
    queries,
    read,
    superuser,
    text_of,
)

pytestmark = pytest.mark.django_db

LIST = "outreach_run_changelist"
PAGE = "outreach_run_change"
SENDS = ("send_campaign", "view_run", "view_campaign")
BRAKES = ("hold", "go_on", "stop")


@pytest.fixture
def anna() -> Client:
    return superuser()


def being_sent(people: int = 3, **fields: Any) -> Run:
    return start_campaign(*[make_recipient() for _ in range(people)], **fields)


def approved() -> Campaign:
    maria, topic = make_recipient(), make_topic()
    subscribe(maria, topic)
    campaign = make_campaign(make_group(maria), topic=topic, name="Asti in May")
    approve_campaign(campaign)
    return campaign


def press(client: Client, page: str, key: int, **data: str) -> str:
    """Send the form of a page; what the page says that comes after."""
    response = client.post(reverse(f"admin:{page}", args=[key]), data, follow=True)
    assert response.status_code == 200
    return text_of(response.content.decode())


def state_of(run: Run) -> tuple[str, str]:
    run = Run.objects.select_related("campaign").get(pk=run.pk)
    return run.state, run.campaign.state


def last_entry(run: Run) -> tuple[str, str, str]:
    entry = history_of(run)[0]
    return entry.verb, entry.actor_name, entry.note


def test_c2_the_send_log_counts_what_went_out_and_came_back(anna: Client) -> None:
    run = being_sent(5, name="Asti in May")
    first, second, third, *_others = claim(run).attempts
    now = timezone.now()
    note(first, "delivered", at=now)
    note(first, "complained", at=now)
    note(second, "hard_bounced", at=now)
    note(third, "soft_bounced", at=now)
    Delivery.objects.create(
        run=run, recipient=make_recipient(), channel="email", state="excluded", reason="capped"
    )
    html = html_of(anna, LIST)
    words = text_of(html)
    assert "Asti in May being sent" in words
    assert "5 3 1 2 1 1 1 sending" in words
    assert reverse("admin:outreach_delivery_changelist") + f"?run={run.pk}&became=spam" in (
        links_in(html)
    )


def test_c2_each_figure_leads_to_the_people_it_counts(anna: Client) -> None:
    run = being_sent(4)
    first, *_others = claim(run).attempts
    note(first, "hard_bounced", at=timezone.now())
    for reason in ("capped", "capped", "no_consent"):
        Delivery.objects.create(
            run=run, recipient=make_recipient(), channel="email", state="excluded", reason=reason
        )
    html = html_of(anna, PAGE, run.pk)
    words = text_of(html)
    assert "1 of 4 are done with." in words
    for line in (
        "To be written to 4",
        "Being handed over 3",
        "Came back 1",
        "Left out 3",
        "Has or had another message this week 2",
        "Has not asked to hear about this 1",
    ):
        assert line in words
    deliveries = reverse("admin:outreach_delivery_changelist")
    leads_to = [link for link in links_in(html) if link.startswith(deliveries)]
    counted = [
        int(re.findall(r"(\d+) deliver", text_of(anna.get(link).content.decode()))[0])
        for link in leads_to
    ]
    assert counted == [4, 3, 1, 3, 2, 1]


def test_figures_lead_nowhere_for_those_who_may_not_see_people() -> None:
    run = being_sent()
    client = browser("view_run")
    for page, args in ((LIST, []), (PAGE, [run.pk])):
        html = html_of(client, page, *args)
        assert "outreach/delivery" not in html
    assert "Hold" not in text_of(html)


@pytest.mark.parametrize("permissions", [(), ("view_campaign",), ("view_delivery",)])
def test_the_send_log_is_seen_with_permission_only(permissions: tuple[str, ...]) -> None:
    run, client = being_sent(), browser(*permissions)
    for url in (reverse(f"admin:{LIST}"), reverse(f"admin:{PAGE}", args=[run.pk])):
        assert client.get(url).status_code == 403


def test_runs_that_were_replaced_are_shown_when_asked_for(anna: Client) -> None:
    maria, topic = make_recipient(), make_topic()
    campaign = make_campaign(make_group(maria), topic=topic)
    for _time in range(2):
        freeze(campaign, by=SYSTEM)
    assert "1 sending" in read(anna, LIST)
    assert "1 sending" in read(anna, LIST, state="replaced")
    assert "0 sendings" in read(anna, LIST, state="sending")


def test_a_run_that_was_not_begun_says_so(anna: Client) -> None:
    campaign = approved()
    run = Run.objects.get(current_slot=campaign)
    page = read(anna, PAGE, run.pk)
    assert "Ready. Nothing has been sent." in page
    assert "Stop for good" not in page


def test_runs_are_only_read(anna: Client) -> None:
    run = being_sent()
    chosen = {"action": "delete_selected", "_selected_action": [run.pk], "post": "yes"}
    anna.post(reverse(f"admin:{LIST}"), chosen)
    for page, args in (("add", []), ("change", [run.pk]), ("delete", [run.pk])):
        url = reverse(f"admin:outreach_run_{page}", args=args)
        assert anna.post(url, {"post": "yes", "state": "done"}).status_code == 403
    assert state_of(run) == ("sending", "sending")


def test_a_run_is_held_and_goes_on(anna: Client) -> None:
    run = being_sent()
    page = press(anna, "outreach_run_hold", run.pk, why="A wrong date")
    assert state_of(run) == ("paused", "sending")
    assert last_entry(run) == ("run.paused", "Anna", "A wrong date")
    assert "Held. Nothing more goes out until somebody goes on with it. Why: A wrong date" in page
    assert not claim(run).attempts
    page = press(anna, "outreach_run_go_on", run.pk)
    assert state_of(run) == ("sending", "sending")
    assert last_entry(run) == ("run.sending", "Anna", "")
    assert "It goes on." in page
    assert len(claim(run).attempts) == 3


def test_a_run_is_stopped_for_good(anna: Client) -> None:
    run = being_sent()
    page = press(anna, "outreach_run_stop", run.pk, why="The tasting is off")
    assert state_of(run) == ("stopped", "stopped")
    assert last_entry(run) == ("run.stopped", "Anna", "The tasting is off")
    assert history_of(run.campaign)[0].note == "The tasting is off"
    assert "Withdrawn before sending 3" in page
    assert set(Delivery.objects.values_list("state", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize("brake", ["hold", "stop"])
def test_whoever_holds_or_stops_says_why(anna: Client, brake: str) -> None:
    run = being_sent()
    assert "This field is required." in press(anna, f"outreach_run_{brake}", run.pk, why=" ")
    assert state_of(run) == ("sending", "sending")


@pytest.mark.parametrize(
    ("brake", "told"),
    [
        ("hold", "This is not being sent at the moment."),
        ("go_on", "This is not held at the moment."),
        ("stop", "This is not being sent any more."),
    ],
)
def test_what_is_over_is_neither_held_nor_stopped(anna: Client, brake: str, told: str) -> None:
    run = being_sent()
    send_run(run)
    assert state_of(run) == ("done", "sent")
    assert told in press(anna, f"outreach_run_{brake}", run.pk, why="Too late")
    assert state_of(run) == ("done", "sent")


def test_why_the_software_held_a_run_is_said(anna: Client) -> None:
    run = being_sent()
    hold.hold(run, "The provider does not answer.")
    page = read(anna, PAGE, run.pk)
    assert "Why: The provider does not answer." in page
    assert "outreach held it The provider does not answer." in page


@pytest.mark.parametrize(
    ("state", "offered"), [("sending", {"hold", "stop"}), ("paused", {"go_on", "stop"})]
)
def test_only_what_makes_sense_is_offered(anna: Client, state: str, offered: set[str]) -> None:
    run = being_sent()
    Run.objects.update(state=state)
    links = links_in(html_of(anna, PAGE, run.pk))
    urls = {brake: reverse(f"admin:outreach_run_{brake}", args=[run.pk]) for brake in BRAKES}
    assert {brake for brake, url in urls.items() if url in links} == offered


@pytest.mark.parametrize("brake", BRAKES)
def test_a_brake_is_pulled_with_permission_and_by_post_alone(brake: str) -> None:
    run = being_sent()
    Run.objects.update(state="paused" if brake == "go_on" else "sending")
    before = state_of(run)
    url = reverse(f"admin:outreach_run_{brake}", args=[run.pk])
    without = browser("view_run", "change_run", "change_campaign")
    assert without.post(url, {"why": "x"}).status_code == 403
    assert without.get(url).status_code == 403
    assert browser(*SENDS).get(url, {"why": "x"}).status_code == 200
    assert state_of(run) == before
    browser(*SENDS).post(url, {"why": "x"})
    assert state_of(run) != before


@pytest.mark.parametrize("brake", BRAKES)
def test_a_run_that_is_not_there_has_no_brakes(anna: Client, brake: str) -> None:
    url = reverse(f"admin:outreach_run_{brake}", args=[9**30])
    assert anna.post(url, {"why": "x"}).status_code == 404


def test_an_approved_campaign_is_sent_from_its_page() -> None:
    campaign, client = approved(), browser(*SENDS, "change_campaign")
    page = press(client, "outreach_campaign_send", campaign.pk)
    run = Run.objects.get()
    assert state_of(run) == ("sending", "sending")
    assert last_entry(run) == ("run.sending", "Anna", "")
    assert "“Asti in May” is being sent." in page
    assert "Send log" in page


def test_sending_is_begun_once(anna: Client) -> None:
    campaign = approved()
    press(anna, "outreach_campaign_send", campaign.pk)
    begun_at = Run.objects.get().started_at
    press(anna, "outreach_campaign_send", campaign.pk)
    assert Run.objects.get().started_at == begun_at


def test_statement_5_what_was_changed_after_approval_is_not_sent(anna: Client) -> None:
    campaign = approved()
    Variant.objects.update(body="Something else, {{ given_name | friend }}")
    page = press(anna, "outreach_campaign_send", campaign.pk)
    assert "Somebody else has to approve this campaign as it stands now." in page
    assert state_of(Run.objects.get()) == ("frozen", "approved")


def test_sending_asks_for_its_permission_and_first_says_to_how_many_it_goes() -> None:
    campaign = approved()
    url = reverse("admin:outreach_campaign_send", args=[campaign.pk])
    without = browser("change_campaign", "approve_campaign", "view_run")
    assert without.post(url).status_code == 403
    assert without.get(url).status_code == 403
    page = browser(*SENDS).get(url)
    assert page.status_code == 200
    asked = page.content.decode()
    assert "“Asti in May” goes to 1 person, signed by Anna Bianchi." in asked
    assert "What has gone out cannot be taken back" in asked
    assert state_of(Run.objects.get()) == ("frozen", "approved")


def test_what_cannot_be_sent_is_not_asked_about(anna: Client) -> None:
    campaign = approved()
    Variant.objects.update(body="Something else, {{ given_name | friend }}")
    page = anna.get(reverse("admin:outreach_campaign_send", args=[campaign.pk]), follow=True)
    assert "Somebody else has to approve this campaign as it stands now." in page.content.decode()


def test_sending_what_is_not_there(anna: Client) -> None:
    url = reverse("admin:outreach_campaign_send", args=[9**30])
    assert anna.post(url).status_code == 404


def steps(campaign: Campaign, user: Any) -> dict[str, bool]:
    """The keys of the steps of this room on a campaign, and whether each is the main one."""
    campaign.refresh_from_db()
    shown = shown_steps(campaign, user, current_app="admin")
    return {step.key: step.is_main for step in shown if step.key in ("send", "send_log")}


def test_the_steps_of_a_campaign_follow_its_state() -> None:
    anna = make_user("anna", "outreach.send_campaign")
    draft = make_campaign()
    assert steps(draft, anna) == {}
    campaign = approved()
    assert steps(campaign, anna) == {"send": True}
    assert steps(campaign, make_user("piotr", "outreach.view_run")) == {}
    press(superuser(), "outreach_campaign_send", campaign.pk)
    assert steps(campaign, anna) == {"send_log": True}
    assert steps(campaign, make_user("piotr", "outreach.view_run")) == {"send_log": True}
    assert steps(campaign, make_user("piotr", "outreach.view_campaign")) == {}
    run = Run.objects.get()
    hold.stop(run, by=Actor.of(anna), why="x")
    assert steps(campaign, anna) == {"send_log": True}
    (log,) = [s for s in shown_steps(campaign, anna, current_app="admin") if s.key == "send_log"]
    assert log.url == reverse(f"admin:{PAGE}", args=[run.pk])


def test_pages_take_as_many_queries_for_many_as_for_few(anna: Client) -> None:
    run = being_sent()

    def add(count: int) -> None:
        for _number in range(count):
            maria = make_recipient()
            campaign = make_campaign(make_group(maria))
            freeze(campaign, by=SYSTEM)
            Delivery.objects.create(
                run=run, recipient=maria, channel="email", state="excluded", reason="capped"
            )
            hold.hold(run, "x")
            hold.go_on(run, by=SYSTEM)

    add(3)
    few = queries(anna, LIST), queries(anna, PAGE, run.pk)
    add(20)
    assert (queries(anna, LIST), queries(anna, PAGE, run.pk)) == few
