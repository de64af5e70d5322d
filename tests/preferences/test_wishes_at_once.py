"""Two at once, with real threads on PostgreSQL: nothing is counted past, nothing is lost."""

from functools import partial

import pytest

from outreach.dispatch.claim import claim
from outreach.history.actor import CUSTOMER
from outreach.ledger.models import Delivery
from outreach.preferences.frequency import set_frequency
from outreach.preferences.models import Source, Subscription
from outreach.preferences.statements import MOST_A_DAY, EnoughToday, say, take_back, tie
from outreach.preferences.wish_models import Statement, TopicFrequency
from tests.at_once import at_once
from tests.builders import make_actor, make_recipient, make_topic, start_campaign

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_many_statements_at_once_are_no_more_than_a_day_allows() -> None:
    maria = make_recipient()

    tell = partial(say, maria, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    results = at_once(*(partial(tell, f"Word {number}") for number in range(MOST_A_DAY + 3)))
    assert sum(isinstance(result, EnoughToday) for result in results) == 3
    assert Statement.objects.count() == MOST_A_DAY


def test_the_same_words_twice_at_once_are_kept_once() -> None:
    maria = make_recipient()
    at_once(*[partial(say, maria, "Word", source=Source.PREFERENCE_PAGE, by=CUSTOMER)] * 4)
    assert Statement.objects.count() == 1


def test_two_frequencies_at_once_leave_one() -> None:
    maria, topic = make_recipient(), make_topic()
    results = at_once(
        partial(set_frequency, maria, {topic: "weekly"}, by=CUSTOMER),
        partial(set_frequency, maria, {topic: "monthly"}, by=CUSTOMER),
    )
    assert results == [True, True]
    assert TopicFrequency.objects.count() == 1


def test_taken_back_while_it_is_read_it_counts_no_more() -> None:
    for _time in range(5):
        maria, topic = make_recipient(), make_topic()
        statement = say(maria, "Word", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
        at_once(
            partial(tie, statement, wanted=[topic], channels=["email"], by=make_actor()),
            partial(take_back, statement, by=CUSTOMER),
        )
        assert not Subscription.objects.filter(recipient=maria, is_granted=True).exists()


def test_d2_words_read_while_a_claim_is_under_way_come_before_it_or_after() -> None:
    for _time in range(5):
        maria, topic = make_recipient(), make_topic()
        run = start_campaign(maria, topic=topic)
        statement = say(maria, "No", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
        at_once(
            partial(tie, statement, unwanted=[topic], by=make_actor()),
            partial(claim, run),
        )
        claim(run)
        row = Delivery.objects.get(run=run)
        assert (row.state, row.reason) in {("claimed", ""), ("excluded", "told_against")}
