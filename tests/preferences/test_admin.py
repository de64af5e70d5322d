from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences.choices import paused_until
from outreach.preferences.models import (
    ConsentRecord,
    Objection,
    Pause,
    Source,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.pause import pause
from outreach.preferences.suppress import lift, suppress
from outreach.recipients.models import Recipient
from tests.builders import (
    address_of,
    make_actor,
    make_campaign,
    make_recipient,
    make_topic,
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

PERSON = "outreach_recipient_change"
TOPICS = "outreach_topic_changelist"
TOPIC = "outreach_topic_change"
STOPS = "outreach_suppression_changelist"
STOP = "outreach_suppression_change"
ACTS = {
    "told": "add_consentrecord",
    "stop": "add_suppression",
    "break": "add_pause",
    "end_break": "change_pause",
}


@pytest.fixture
def anna() -> Client:
    return superuser()


@pytest.fixture
def maria() -> Recipient:
    return make_recipient("maria@example.com", "Maria Rossi")


def do(client: Client, page: str, key: int, **data: Any) -> str:
    """Send the form of a page; what the page says that comes after."""
    response = client.post(reverse(f"admin:{page}", args=[key]), data, follow=True)
    assert response.status_code == 200
    return text_of(response.content.decode())


def tell(client: Client, maria: Recipient, *topics: Topic, **data: Any) -> str:
    said = {
        "direction": "for",
        "topics": [topic.pk for topic in topics],
        "channels": ["email"],
        "source": "phone",
        "wording": "Yes, invite me",
        "note": "",
    } | data
    return do(client, "outreach_recipient_told", maria.pk, **said)


def in_force(**fields: Any) -> Suppression:
    stop = suppress(**{"reason": "manual", "by": SYSTEM, **fields})
    assert stop is not None
    return stop


def verbs(subject: Any) -> list[str]:
    return list(history_of(subject).values_list("verb", flat=True))


def test_b7_what_a_person_told_us_is_kept_with_its_words(anna: Client, maria: Recipient) -> None:
    topic = make_topic("Tastings")
    page = tell(anna, maria, topic, note="rang at noon")
    record = ConsentRecord.objects.select_related("evidence").get()
    assert (record.act, record.source, record.channel) == ("grant", "phone", "email")
    assert (record.evidence.wording, record.evidence.note) == ("Yes, invite me", "rang at noon")
    assert "Kept: what Maria Rossi told us counts from now on." in page
    assert "Tastings e-mail asked for it" in page
    entry = history_of(maria).get()
    assert (entry.verb, entry.note) == ("consent.grant", "Tastings")
    assert entry.actor_name == "Anna"


def test_what_a_person_refused_needs_no_proof(anna: Client, maria: Recipient) -> None:
    topic = make_topic()
    tell(anna, maria, topic, direction="against", wording="")
    assert not Subscription.objects.get().is_granted
    assert Objection.objects.get().address == address_of(maria)
    assert verbs(maria) == ["consent.withdraw"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"wording": " "}, "Write down their words"),
        ({"topics": []}, "This field is required."),
        ({"topics": ["x"]}, "“x” is not a valid value."),
        ({"channels": ["pigeon"]}, "Select a valid choice. pigeon is not one"),
        ({"source": "one_click"}, "Select a valid choice. one_click is not one"),
        ({"direction": "maybe"}, "Select a valid choice. maybe is not one"),
        ({"note": "x" * 2001}, "Ensure this value has at most 2000 characters"),
    ],
)
def test_an_incomplete_record_is_not_kept(
    anna: Client, maria: Recipient, data: dict[str, Any], told: str
) -> None:
    assert told in tell(anna, maria, make_topic(), **data)
    assert not ConsentRecord.objects.exists()


def test_only_topics_that_are_a_choice_can_be_told(anna: Client, maria: Recipient) -> None:
    routine = make_topic("Parcels", purpose="routine")
    old, left = make_topic("Old letter", is_active=False), make_topic("Unused", is_active=False)
    subscribe(maria, old)
    page = read(anna, "outreach_recipient_told", maria.pk)
    assert "Old letter" in page
    assert "Parcels" not in page
    assert "Unused" not in page
    for topic in (routine, left):
        assert "is not one of the available choices" in tell(anna, maria, topic)


def test_a_stop_by_staff_binds_person_and_address(anna: Client, maria: Recipient) -> None:
    page = do(anna, "outreach_recipient_stop", maria.pk, note="She asked me to")
    stop = Suppression.objects.get()
    assert (stop.reason, stop.note, stop.actor_name) == ("manual", "She asked me to", "Anna")
    assert (stop.recipient, stop.address) == (maria, address_of(maria))
    assert "Nothing is sent to Maria Rossi from now on." in page
    assert "entered by staff" in page
    assert verbs(maria) == ["stop.manual"]
    again = do(anna, "outreach_recipient_stop", maria.pk, note="Again")
    assert "Messages to Maria Rossi were stopped already." in again
    assert Suppression.objects.count() == 1


def test_a_stop_that_is_there_is_not_offered_again(anna: Client, maria: Recipient) -> None:
    stop = reverse("admin:outreach_recipient_stop", args=[maria.pk])
    assert stop in links_in(html_of(anna, PERSON, maria.pk))
    in_force(recipient=maria)
    assert stop not in links_in(html_of(anna, PERSON, maria.pk))


def test_somebody_without_an_address_can_be_stopped(anna: Client) -> None:
    ivan = make_recipient(None, "Ivan")
    do(anna, "outreach_recipient_stop", ivan.pk, note="He asked me to")
    assert Suppression.objects.get().address is None


@pytest.mark.parametrize("note", ["", "  \n "])
def test_a_stop_needs_its_reason(anna: Client, maria: Recipient, note: str) -> None:
    page = do(anna, "outreach_recipient_stop", maria.pk, note=note)
    assert "This field is required." in page
    assert not Suppression.objects.exists()


def test_a_stop_is_lifted_with_a_reason(anna: Client, maria: Recipient) -> None:
    stop = in_force(recipient=maria, note="rude to us")
    page = read(anna, "outreach_suppression_lift", stop.pk)
    assert "Stopped: Maria Rossi (entered by staff). Note: rude to us" in page
    assert "This field is required." in do(anna, "outreach_suppression_lift", stop.pk, why=" ")
    page = do(anna, "outreach_suppression_lift", stop.pk, why="They made up")
    stop.refresh_from_db()
    assert stop.lift_reason == "They made up"
    assert "The stop is lifted." in page
    assert verbs(maria) == ["stop.lifted", "stop.manual"]


def test_a_stop_that_was_lifted_meanwhile_says_so(anna: Client, maria: Recipient) -> None:
    stop = in_force(recipient=maria)
    lift(stop, by=make_actor(), why="First")
    page = do(anna, "outreach_suppression_lift", stop.pk, why="Second")
    assert "Somebody lifted this stop already." in page
    stop.refresh_from_db()
    assert stop.lift_reason == "First"


def test_the_stop_of_an_address_alone_is_lifted_from_the_list(anna: Client) -> None:
    stop = in_force(reason="hard_bounce", address=address_of(make_recipient("a@example.com")))
    page = do(anna, "outreach_suppression_lift", stop.pk, why="It works again")
    assert "Stops: nothing is sent there" in page
    stop.refresh_from_db()
    assert stop.lifted_at is not None


def test_the_stop_of_somebody_erased_is_not_for_staff_to_lift(anna: Client) -> None:
    maria = make_recipient(erased_at=timezone.now())
    stop = in_force(reason="erased", recipient=maria)
    url = reverse("admin:outreach_suppression_lift", args=[stop.pk])
    assert anna.post(url, {"why": "I want to"}).status_code == 404
    for page, key in ((PERSON, maria.pk), (STOP, stop.pk)):
        assert url not in links_in(html_of(anna, page, key))
    stop.refresh_from_db()
    assert stop.lifted_at is None


@time_machine.travel("2026-04-03 15:00:00+00:00", tick=False)
@pytest.mark.parametrize(
    ("data", "until"),
    [
        ({"length": "30"}, "2026-05-03T15:00:00+00:00"),
        ({"length": "90", "until": "2026-04-05"}, "2026-07-02T15:00:00+00:00"),
        ({"length": "date", "until": "2026-06-01"}, "2026-06-01T21:59:59+00:00"),
        ({"length": "date", "until": "2026-04-03"}, "2026-04-03T21:59:59+00:00"),
    ],
)
def test_a_break_lasts_as_long_as_they_said(
    anna: Client, maria: Recipient, data: dict[str, str], until: str
) -> None:
    page = do(anna, "outreach_recipient_break", maria.pk, source="staff", **data)
    found = paused_until(maria)
    assert found is not None
    assert found.isoformat() == until
    assert "Maria Rossi takes a break until" in page
    assert verbs(maria) == ["pause.begun"]


@time_machine.travel("2026-04-03 15:00:00+00:00", tick=False)
@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"length": "date"}, "Say until which date."),
        ({"length": "date", "until": "2026-04-02"}, "This date is over."),
        ({"length": "date", "until": "9999-12-31"}, "That is more than five years."),
        ({"length": "date", "until": "soon"}, "Enter a valid date."),
        ({"length": "31"}, "Select a valid choice."),
        ({}, "This field is required."),
    ],
)
def test_a_break_without_a_sensible_end_is_not_begun(
    anna: Client, maria: Recipient, data: dict[str, str], told: str
) -> None:
    assert told in do(anna, "outreach_recipient_break", maria.pk, source="staff", **data)
    assert not Pause.objects.exists()


def test_a_break_is_ended_early(anna: Client, maria: Recipient) -> None:
    until = timezone.now() + timedelta(days=3)
    pause(maria, until=until, source=Source.STAFF, by=CUSTOMER)
    end = reverse("admin:outreach_recipient_end_break", args=[maria.pk])
    page = html_of(anna, PERSON, maria.pk)
    assert end in links_in(page)
    assert reverse("admin:outreach_recipient_break", args=[maria.pk]) not in links_in(page)
    page = do(anna, "outreach_recipient_end_break", maria.pk)
    assert "Maria Rossi is not taking a break any more." in page
    assert paused_until(maria) is None
    assert verbs(maria) == ["pause.ended", "pause.begun"]
    assert "There is no break under way." in read(anna, "outreach_recipient_end_break", maria.pk)


@pytest.mark.parametrize("act", ACTS)
def test_looking_at_a_page_changes_nothing(anna: Client, maria: Recipient, act: str) -> None:
    query = "?direction=for&note=x&why=x&length=30&source=staff&until=2030-01-01"
    url = reverse(f"admin:outreach_recipient_{act}", args=[maria.pk]) + query
    assert anna.get(url).status_code == 200
    assert anna.head(url).status_code == 200
    assert not verbs(maria)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_asks_for_its_permission(maria: Recipient, act: str) -> None:
    url = reverse(f"admin:outreach_recipient_{act}", args=[maria.pk])
    others = {permission for name, permission in ACTS.items() if name != act}
    for client in (browser("view_recipient", *others), browser(ACTS[act])):
        assert client.get(url).status_code == 403
        assert client.post(url, {"note": "x", "length": "30", "source": "staff"}).status_code == 403
    allowed = browser("view_recipient", ACTS[act], "view_pause", "view_consentrecord")
    assert allowed.get(url).status_code == 200
    assert not verbs(maria)


def test_lifting_asks_for_its_permission(maria: Recipient) -> None:
    stop = in_force(recipient=maria)
    url = reverse("admin:outreach_suppression_lift", args=[stop.pk])
    client = browser("view_recipient", "view_suppression", "add_suppression")
    assert client.post(url, {"why": "x"}).status_code == 403
    assert url not in links_in(html_of(client, PERSON, maria.pk))
    may = browser("view_recipient", "change_suppression")
    assert url in links_in(html_of(may, PERSON, maria.pk))
    assert may.get(url).status_code == 200


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("key", [0, 9**30])
def test_nobody_can_be_acted_on_who_is_not_there(anna: Client, act: str, key: int) -> None:
    url = reverse(f"admin:outreach_recipient_{act}", args=[key])
    assert anna.get(url).status_code == 404
    assert anna.post(url).status_code == 404


def test_stops_are_listed_by_state(anna: Client, maria: Recipient) -> None:
    in_force(recipient=maria, channel="sms", note="x")
    lifted = in_force(reason="complaint", address=address_of(make_recipient("b@example.com")))
    lift(lifted, by=make_actor(), why="A mistake")
    page = read(anna, STOPS)
    assert "Maria Rossi, by SMS only entered by staff" in page
    assert "b@example.com" not in read(anna, STOPS, state="in-force")
    assert "Maria Rossi" not in read(anna, STOPS, state="lifted")
    assert "A mistake" in read(anna, STOP, lifted.pk)
    assert "Maria Rossi" in read(anna, STOPS, q="maria ros")


def test_stops_are_neither_changed_nor_deleted(anna: Client, maria: Recipient) -> None:
    stop = in_force(recipient=maria)
    chosen = {"action": "delete_selected", "_selected_action": [stop.pk], "post": "yes"}
    anna.post(reverse(f"admin:{STOPS}"), chosen)
    for page, args in (("change", [stop.pk]), ("delete", [stop.pk])):
        url = reverse(f"admin:outreach_suppression_{page}", args=args)
        assert anna.post(url, {"post": "yes", "reason": "manual"}).status_code == 403
    assert Suppression.objects.filter(lifted_at__isnull=True).count() == 1


def topic_form(**data: str) -> dict[str, str]:
    return {
        "name": "Tastings",
        "description": "Invitations, about once a month",
        "slug": "tastings",
        "purpose": "commercial",
        "opt_in": "double",
        "least_stage": "introduced",
        "position": "1",
        "is_active": "on",
    } | data


def test_a_topic_is_added_and_changed(anna: Client) -> None:
    anna.post(reverse("admin:outreach_topic_add"), topic_form())
    topic = Topic.objects.get()
    changed = topic_form(name="Visits", slug="another", purpose="routine")
    anna.post(reverse(f"admin:{TOPIC}", args=[topic.pk]), changed)
    topic.refresh_from_db()
    assert (topic.name, topic.slug, topic.purpose) == ("Visits", "tastings", "routine")
    assert list(history_of(topic).values_list("verb", "note", "actor_name")) == [
        ("topic.changed", "Name and Purpose", "Anna"),
        ("topic.begun", "", "Anna"),
    ]


def test_two_topics_cannot_have_one_short_name(anna: Client) -> None:
    make_topic(slug="tastings")
    response = anna.post(reverse("admin:outreach_topic_add"), topic_form())
    assert "There is a topic with this short name already." in response.content.decode()
    assert Topic.objects.count() == 1


def test_c4_the_purpose_of_a_topic_in_use_stays(anna: Client, maria: Recipient) -> None:
    topic = make_topic()
    subscribe(maria, topic)
    anna.post(reverse(f"admin:{TOPIC}", args=[topic.pk]), topic_form(purpose="routine"))
    topic.refresh_from_db()
    assert (topic.name, topic.purpose) == ("Tastings", "commercial")


def test_the_list_of_topics_leads_to_the_people(anna: Client, maria: Recipient) -> None:
    wanted, other = make_topic("Tastings", slug="tastings"), make_topic("Vintages")
    subscribe(maria, wanted)
    subscribe(maria, wanted, channel="sms")
    people = reverse("admin:outreach_recipient_changelist") + "?wants=tastings"
    page = html_of(anna, TOPICS)
    assert f'<a href="{people}">1</a>' in page
    assert other.name in page
    assert people not in html_of(browser("view_topic"), TOPICS)


@pytest.mark.parametrize("use", ["subscription", "refusal at an address", "campaign"])
def test_a_topic_in_use_is_not_deleted(anna: Client, maria: Recipient, use: str) -> None:
    topic = make_topic("Tastings")
    if use == "subscription":
        subscribe(maria, topic)
    elif use == "campaign":
        make_campaign(topic=topic)
    else:
        tell(anna, maria, topic, direction="against")
        Subscription.objects.all().delete()
    for page in (
        do(anna, "outreach_topic_delete", topic.pk, post="yes"),
        read(anna, "outreach_topic_delete", topic.pk),
    ):
        assert "“Tastings” stays on record" in page
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_a_topic_that_nobody_used_is_deleted(anna: Client) -> None:
    topic = make_topic()
    do(anna, "outreach_topic_delete", topic.pk, post="yes")
    assert not Topic.objects.exists()


def test_a_topic_is_deleted_with_permission_only(maria: Recipient) -> None:
    topic = make_topic()
    url = reverse("admin:outreach_topic_delete", args=[topic.pk])
    assert browser("change_topic").post(url, {"post": "yes"}).status_code == 403
    subscribe(maria, topic)
    assert browser("change_topic").post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", [TOPICS, STOPS])
def test_lists_take_as_many_queries_for_many_as_for_few(anna: Client, page: str) -> None:
    def add(count: int) -> None:
        for _number in range(count):
            person = make_recipient()
            subscribe(person, make_topic())
            in_force(recipient=person, address=address_of(person))

    add(3)
    few = queries(anna, page)
    add(27)
    assert queries(anna, page) == few
