"""D2: what a customer told us in their own words counts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences.carry_over import carry_over
from outreach.preferences.choices import choices_of
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import ConsentRecord, Source, Topic
from outreach.preferences.statements import (
    MOST_A_DAY,
    EnoughToday,
    NoWords,
    TooLong,
    forget_statements,
    say,
    statements_of,
    take_back,
    tie,
)
from outreach.preferences.wish_models import LONGEST_STATEMENT, Statement, StatementTopic
from outreach.recipients.models import ContactLink, Recipient, RecipientAddress
from tests.builders import make_actor, make_recipient, make_topic, subscribe

pytestmark = pytest.mark.django_db

WORDS = "Not interested in minutes, only in internet."


def says(recipient: Recipient, text: str = WORDS) -> Statement:
    return say(recipient, text, source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def reasons(recipient: Recipient, topic: Topic) -> list[str]:
    return [rule.code for rule in may_contact(recipient, topic, "email").refused_by]


def test_d2_words_are_kept_as_they_were_said() -> None:
    maria = make_recipient()
    says(maria, "  Only\r\ninternet,\x00 please\x07 ")
    statement = Statement.objects.get()
    assert statement.text == "Only\ninternet, please"
    assert (statement.said_by, statement.state, statement.source) == (
        "customer",
        "new",
        "preference_page",
    )
    assert history_of(maria).filter(verb="statement.said").count() == 1


def test_a_person_of_ours_writes_down_what_was_said_on_the_phone() -> None:
    anna = make_actor("anna")
    statement = say(make_recipient(), WORDS, source=Source.PHONE, by=anna)
    assert (statement.said_by, statement.actor_name, statement.actor_key) == (
        "staff",
        "Anna",
        anna.key,
    )


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x1b"])
def test_nothing_is_no_statement(text: str) -> None:
    with pytest.raises(NoWords):
        says(make_recipient(), text)


def test_what_is_too_long_is_refused_with_how_much() -> None:
    maria = make_recipient()
    says(maria, "я" * LONGEST_STATEMENT)
    with pytest.raises(TooLong) as refusal:
        says(maria, "я" * (LONGEST_STATEMENT + 2))
    assert refusal.value.over == 2


def test_the_same_words_sent_twice_are_kept_once() -> None:
    maria = make_recipient()
    assert says(maria) == says(maria)
    assert Statement.objects.count() == 1


def test_so_much_a_day_and_no_more() -> None:
    maria, piero = make_recipient(), make_recipient()
    for number in range(MOST_A_DAY):
        take_back(says(maria, f"Word {number}"), by=CUSTOMER)
    with pytest.raises(EnoughToday):
        says(maria, "One more")
    says(piero, "One more")
    say(maria, "By phone", source=Source.PHONE, by=make_actor())
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        says(maria, "One more")


def test_d2_words_against_a_topic_bind_from_the_moment_they_are_read() -> None:
    maria, minutes, internet = make_recipient(), make_topic("Minutes"), make_topic("Internet")
    subscribe(maria, minutes, internet)
    statement = says(maria)
    assert reasons(maria, minutes) == []
    tie(statement, unwanted=[minutes], by=make_actor())
    statement.refresh_from_db()
    assert statement.state == "read"
    assert reasons(maria, minutes) == ["told_against"]
    assert reasons(maria, internet) == []
    assert {choice.topic: choice.wanted for choice in choices_of(maria)}[minutes]["email"] is False


def test_d2_words_against_a_topic_bind_nobody_else_at_the_address() -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    topic = make_topic()
    subscribe(maria, topic)
    subscribe(piero, topic)
    tie(says(maria), unwanted=[topic], by=make_actor())
    assert (reasons(maria, topic), reasons(piero, topic)) == (["told_against"], [])


def test_d2_words_for_a_topic_are_a_wish_with_the_words_as_proof() -> None:
    maria, internet = make_recipient(), make_topic("Internet")
    assert tie(says(maria), wanted=[internet], channels=["email"], by=make_actor()) == []
    assert reasons(maria, internet) == []
    record = ConsentRecord.objects.get()
    assert (record.source, record.evidence.wording) == (Source.STATEMENT, WORDS)


def test_b1_words_for_a_topic_undo_no_refusal_that_came_after_them() -> None:
    maria, topic = make_recipient(), make_topic()
    statement = says(maria)
    withdraw(maria, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    assert tie(statement, wanted=[topic], channels=["email"], by=make_actor()) == [topic]
    assert "opted_out" in reasons(maria, topic)


def test_words_for_a_topic_follow_a_refusal_that_came_before_them() -> None:
    maria, topic = make_recipient(), make_topic()
    withdraw(maria, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    assert tie(says(maria), wanted=[topic], channels=["email"], by=make_actor()) == []
    assert reasons(maria, topic) == []


@pytest.mark.parametrize("first_read", ["for", "against"])
def test_the_last_word_counts_whichever_is_read_first(first_read: str) -> None:
    maria, topic, anna = make_recipient(), make_topic(), make_actor()
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        earlier = says(maria, "Yes please")
    later = says(maria, "No more of this")
    if first_read == "for":
        tie(earlier, wanted=[topic], channels=["email"], by=anna)
        tie(later, unwanted=[topic], by=anna)
    else:
        tie(later, unwanted=[topic], by=anna)
        assert tie(earlier, wanted=[topic], channels=["email"], by=anna) == [topic]
    assert reasons(maria, topic)[0] == "told_against"


def test_a_later_word_for_a_topic_ends_an_earlier_one_against_it() -> None:
    maria, topic, anna = make_recipient(), make_topic(), make_actor()
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        tie(says(maria, "No more of this"), unwanted=[topic], by=anna)
    tie(says(maria, "I would like it again"), wanted=[topic], channels=["email"], by=anna)
    assert reasons(maria, topic) == []


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        (Source.PREFERENCE_PAGE, True),
        (Source.FORM, True),
        (Source.PHONE, True),
        (Source.IMPORT, False),
        (Source.API, False),
    ],
)
def test_a_wish_of_their_own_since_then_counts_and_an_import_does_not(
    source: str, counts: bool
) -> None:
    maria, topic = make_recipient(), make_topic()
    tie(says(maria), unwanted=[topic], by=make_actor())
    grant(maria, [topic], channel="email", source=source, by=SYSTEM)
    assert reasons(maria, topic) == ([] if counts else ["told_against"])
    assert may_contact(maria, topic, "sms").refused_by[1].code == "told_against"


def test_words_against_taken_back_leave_what_was_chosen_before() -> None:
    maria, topic = make_recipient(), make_topic()
    subscribe(maria, topic)
    statement = says(maria)
    tie(statement, unwanted=[topic], by=make_actor())
    assert take_back(statement, by=CUSTOMER)
    assert not take_back(statement, by=CUSTOMER)
    assert reasons(maria, topic) == []
    assert not statements_of(maria).exists()


def test_words_for_taken_back_end_the_wish_that_rests_on_them_alone() -> None:
    maria, resting, standing = make_recipient(), make_topic("Resting"), make_topic("Standing")
    subscribe(maria, standing)
    statement = says(maria)
    tie(statement, wanted=[resting, standing], channels=["email"], by=make_actor())
    take_back(statement, by=CUSTOMER)
    assert reasons(maria, standing) == []
    assert "no_consent" in reasons(maria, resting)


def test_a_wish_that_rests_on_other_words_outlives_those_taken_back() -> None:
    maria, topic, anna = make_recipient(), make_topic(), make_actor()
    tie(says(maria, "Yes please"), wanted=[topic], channels=["email"], by=anna)
    again = says(maria, "Do write")
    tie(again, wanted=[topic], channels=["email"], by=anna)
    take_back(again, by=CUSTOMER)
    assert reasons(maria, topic) == []


def test_what_was_taken_back_is_not_read_any_more() -> None:
    maria, topic = make_recipient(), make_topic()
    statement = says(maria)
    take_back(statement, by=CUSTOMER)
    with pytest.raises(Conflict, match="taken this back"):
        tie(statement, wanted=[topic], channels=["email"], by=make_actor())
    assert not ConsentRecord.objects.exists()


def test_a_topic_is_not_on_both_sides() -> None:
    topic = make_topic("Minutes")
    with pytest.raises(Refused, match="Either for or against: Minutes"):
        tie(says(make_recipient()), wanted=[topic], unwanted=[topic], by=make_actor())


def test_read_again_the_new_reading_counts() -> None:
    maria, minutes, internet = make_recipient(), make_topic("Minutes"), make_topic("Internet")
    subscribe(maria, minutes)
    statement, anna = says(maria), make_actor()
    tie(statement, wanted=[internet], unwanted=[minutes], channels=["email"], by=anna)
    tie(statement, unwanted=[internet], by=anna)
    assert reasons(maria, minutes) == []
    assert "told_against" in reasons(maria, internet)
    ties = StatementTopic.objects.values_list("topic__name", "is_for")
    assert list(ties) == [("Internet", False)]


def test_words_against_bind_the_contact_they_are_merged_into() -> None:
    gone, into, topic = make_recipient(), make_recipient(), make_topic()
    tie(says(gone), unwanted=[topic], by=make_actor())
    subscribe_by_import(into, topic)
    link = ContactLink.objects.create(
        source="crm.contact", model_label="crm.contact", contact_key="7", recipient=gone
    )
    assert carry_over(link, into)
    assert not carry_over(link, into)
    assert reasons(into, topic) == ["told_against"]
    assert [statement.text for statement in statements_of(into)] == [WORDS]


def test_words_against_bind_whoever_the_crm_makes_anew_at_the_address() -> None:
    gone, topic = make_recipient("maria@example.com"), make_topic()
    tie(says(gone), unwanted=[topic], by=make_actor())
    ContactLink.objects.create(
        source="crm.contact",
        model_label="crm.contact",
        contact_key="7",
        recipient=gone,
        gone_at=timezone.now(),
    )
    again = make_recipient("maria@example.com")
    assert RecipientAddress.objects.filter(recipient=again).exists()
    subscribe_by_import(again, topic)
    assert reasons(again, topic) == ["told_against"]
    assert choices_of(again)[0].wanted["email"] is False
    grant(again, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    assert reasons(again, topic) == []


def test_forgotten_words_are_gone() -> None:
    maria, topic = make_recipient(), make_topic()
    tie(says(maria), unwanted=[topic], by=make_actor())
    forget_statements(maria)
    assert not Statement.objects.exists()
    assert not StatementTopic.objects.exists()


def subscribe_by_import(recipient: Recipient, topic: Topic) -> None:
    grant(recipient, [topic], channel="email", source=Source.IMPORT, by=SYSTEM, note="a list")
