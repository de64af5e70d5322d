"""B5, D4: each message with its reasons, each group, and a correction that binds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.audiences.candidates import candidates_of
from outreach.groups.members import add_members, members_of
from outreach.groups.models import ContactGroup, GroupExclusion, Membership
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Attempt
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import ConsentEvidence, Source, Subscription
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group, make_recipient, make_topic, subscribe
from tests.centre.messages import make_message, reasons_path
from tests.groups.people import asks, break_rule, make_rule_group

pytestmark = pytest.mark.django_db


def read(client: Client, attempt: Attempt, query: str = "") -> str:
    answer = client.get(reasons_path(attempt) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def tell(client: Client, attempt: Attempt, **fields: object) -> int:
    return client.post(reasons_path(attempt), fields).status_code


def described(group: ContactGroup, words: str) -> ContactGroup:
    group.description = words
    group.save()
    return group


def test_d4_each_message_stands_with_its_subject_its_wish_its_groups_and_what_we_thought(
    client: Client,
) -> None:
    zita, topic = make_recipient(name="Zita Bruno"), make_topic("Tastings")
    grant(
        zita,
        [topic],
        channel="email",
        source=Source.STAFF,
        by=SYSTEM,
        wording="Yes, invite me",
        note="at the fair in Alba\nthe card is in the blue box",
    )
    group = described(make_rule_group(asks("person.country", "equals", "IT")), "Friends in Italy")
    campaign = make_campaign(
        group, topic=topic, subject="For you, {{ given_name | friend }}", justification="It is near"
    )
    page = read(client, make_message(zita, campaign))
    assert "<h3>For you, Zita</h3>" in page
    assert "we wrote to you about Tastings:" in page
    assert "you told one of us that you would like this: <q>Yes, invite me</q>" in page
    assert "(at the fair in Alba)" in page
    assert "blue box" not in page
    assert "<q>Friends in Italy</q>" in page
    assert "(People whose country is Italy.)" in page
    assert "<q>It is near</q>" in page


def test_the_wish_is_the_one_that_was_on_record_when_the_message_went(client: Client) -> None:
    zita, topic = make_recipient(), make_topic()
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording="the first")
    attempt = make_message(zita, topic=topic)
    withdraw(zita, [topic], channel="email", source=Source.ONE_CLICK, by=SYSTEM)
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording="the second")
    page = read(client, attempt)
    assert "the first" in page
    assert "the second" not in page


def test_only_the_last_year_at_this_address_and_what_was_handed_over(client: Client) -> None:
    zita = make_recipient("family@example.com")
    ivan = make_recipient("family@example.com", "Ivan")
    shown = make_message(zita, subject="Shown")
    old = make_message(zita, subject="Long ago")
    Attempt.objects.filter(pk=old.pk).update(handed_over_at=timezone.now() - timedelta(days=366))
    refused = make_message(zita, subject="Never left")
    Attempt.objects.filter(pk=refused.pk).update(outcome=Attempt.Outcome.REFUSED)
    make_message(ivan, subject="For Ivan")
    page = read(client, shown)
    assert "<h3>Shown</h3>" in page
    assert not any(words in page for words in ("Long ago", "Never left", "For Ivan"))


def test_a_message_that_was_tried_twice_stands_there_once(client: Client) -> None:
    first = make_message(subject="Tried twice")
    Attempt.objects.filter(pk=first.pk).update(outcome=Attempt.Outcome.SOFT_BOUNCED)
    again = Attempt.objects.create(
        delivery=first.delivery, number=2, outcome="accepted", handed_over_at=timezone.now()
    )
    assert read(client, again).count("<h3>Tried twice</h3>") == 1


def test_a_person_with_100_messages_costs_as_many_queries_as_one_with_two(client: Client) -> None:
    few, many = make_recipient(), make_recipient()
    by_hand = make_group(few, many)
    by_rule = make_rule_group(asks("person.country", "equals", "IT"))
    campaigns = [make_campaign(by_hand, by_rule, topic=make_topic()) for _ in range(100)]
    subscribe(few, campaigns[0].topic)
    subscribe(many, *(campaign.topic for campaign in campaigns))
    of_few, *_rest = [make_message(few, campaign) for campaign in campaigns[:2]]
    of_many, *_rest = [make_message(many, campaign) for campaign in campaigns]

    def queries(attempt: Attempt, query: str = "") -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, attempt, query)
        return len(captured)

    assert queries(of_many) == queries(of_few) <= 16
    assert queries(of_many, "?page=3") == queries(of_few)


def test_many_messages_come_in_pages(client: Client) -> None:
    zita = make_recipient()
    attempts = [make_message(zita, subject=f"Number {number}.") for number in range(21)]
    first, second = read(client, attempts[0]), read(client, attempts[0], "?page=2")
    assert "Number 20." in first
    assert "Number 0." not in first
    assert "Number 0." in second
    assert 'href="?page=2" rel="next"' in first
    for page in ("0", "-1", "x", "99", "%00", "9" * 50):
        assert "Number" in read(client, attempts[0], f"?page={page}")


def test_d4_every_group_is_shown_with_its_sentence_and_none_by_the_name_for_colleagues(
    client: Client,
) -> None:
    zita = make_recipient(country="IT")
    make_rule_group(asks("person.country", "equals", "IT"), name="Whales")
    make_group(zita, name="VIP")
    described(make_group(zita), "People we met at the fair")
    make_rule_group(asks("person.country", "equals", "FR"), name="Elsewhere")
    break_rule(make_rule_group(asks("contact.country", "equals", "IT"), name="Broken"))
    page = read(client, make_message(zita))
    assert "People whose country is Italy." in page
    assert "People we met at the fair" in page
    assert not any(word in page for word in ("Whales", "VIP", "France", "Elsewhere", "Broken"))


@pytest.mark.parametrize("by_rule", [False, True])
def test_d4_a_correction_binds_the_next_audience(client: Client, by_rule: bool) -> None:
    zita, ivan = make_recipient(country="IT"), make_recipient(country="IT")
    group = (
        make_rule_group(asks("person.country", "equals", "IT"))
        if by_rule
        else make_group(zita, ivan)
    )
    campaign = make_campaign(group)
    attempt = make_message(zita, campaign)
    assert set(candidates_of(campaign)) == {zita, ivan}
    fields = {"do": "not-so", "what": group.pk, "said": "  I moved\x00 to Nice "}
    assert tell(client, attempt, **fields, message=attempt.key.hex) == 303
    assert set(candidates_of(campaign)) == set(members_of(group)) == {ivan}
    exclusion = GroupExclusion.objects.get()
    assert (exclusion.recipient, exclusion.said[:7]) == (zita, "I moved")
    if not by_rule:
        assert add_members(group, [zita.pk], by=SYSTEM, reason="again") == 0
        assert not Membership.objects.filter(recipient=zita).exists()
    page = read(client, attempt, "?saved=1")
    assert "Groups you told us you do not belong in" in page
    assert "I moved" in page


def test_a_correction_can_be_taken_back(client: Client) -> None:
    zita = make_recipient(country="IT")
    group = make_rule_group(asks("person.country", "equals", "IT"))
    attempt = make_message(zita)
    tell(client, attempt, do="not-so", what=group.pk)
    assert not members_of(group).exists()
    assert tell(client, attempt, do="in-again", what=group.pk) == 303
    assert members_of(group).get() == zita
    assert tell(client, attempt, do="in-again", what=group.pk) == 400


@pytest.mark.parametrize("fields", [{"do": "no-more"}, {"do": "not-so", "what": "topic"}])
def test_d4_what_was_never_asked_for_is_withdrawn(client: Client, fields: dict[str, str]) -> None:
    zita, first, second = make_recipient(), make_topic(), make_topic("New vintages")
    subscribe(zita, first, second)
    attempt, other = make_message(zita, topic=first), make_message(zita, topic=second)
    said = {"said": "I never asked"} if fields["do"] == "not-so" else {}
    assert tell(client, attempt, message=other.key.hex, **fields, **said) == 303
    wanted = dict(Subscription.objects.values_list("topic", "is_granted"))
    assert wanted == {first.pk: True, second.pk: False}
    assert list(ConsentEvidence.objects.filter(note="I never asked")) == list(
        ConsentEvidence.objects.filter(record__act="withdraw")
    )
    assert other.events.get().kind == "unsubscribed"
    assert "You have told us: no more of these." in read(client, attempt)


def test_nobody_corrects_what_is_not_theirs(client: Client) -> None:
    zita, ivan = make_recipient("zita@example.com"), make_recipient("ivan@example.com")
    topic, group = make_topic(), make_group(ivan)
    subscribe(ivan, topic)
    attempt, of_ivan = make_message(zita, topic=topic), make_message(ivan, topic=topic)
    for fields in (
        {"do": "no-more", "message": of_ivan.key.hex},
        {"do": "no-more", "message": "x" * 40},
        {"do": "no-more"},
        {"do": "not-so", "what": group.pk},
        {"do": "not-so", "what": "1 OR 1=1"},
        {"do": "in-again", "what": group.pk},
        {"do": "?"},
        {},
    ):
        assert tell(client, attempt, **fields) == 400
    assert Subscription.objects.get().is_granted
    assert members_of(group).get() == ivan


def test_a_routine_message_is_not_refused_here(client: Client) -> None:
    topic = make_topic("Your orders", purpose="routine")
    page = read(client, make_message(topic=topic, purpose="routine"))
    assert "because it belongs to something you ordered or booked with us." in page
    assert "No more of these" not in page


def test_whoever_was_erased_has_no_such_page(client: Client) -> None:
    attempt = make_message()
    Recipient.objects.update(erased_at=timezone.now())
    assert client.get(reasons_path(attempt)).status_code == 404
    assert tell(client, attempt, do="no-more", message=attempt.key.hex) == 404


def test_all_that_people_wrote_is_escaped(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    zita = make_recipient(given_name=bad)
    topic = make_topic(bad)
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording=bad, note=bad)
    group = described(make_group(zita), bad)
    attempt = make_message(zita, make_campaign(group, topic=topic, subject=bad, justification=bad))
    tell(client, attempt, do="not-so", what=group.pk, said=bad)
    page = read(client, attempt)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
