"""B11: how often a person wants a topic is enforced, up to the instant of sending."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from outreach.audiences.freeze import freeze
from outreach.dispatch.claim import claim
from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER, Actor
from outreach.ledger.models import Delivery, Run
from outreach.preferences.frequency import set_frequency
from outreach.preferences.models import Source, Topic
from outreach.preferences.statements import say, tie
from outreach.recipients.models import Channel, Recipient
from tests.builders import (
    address_of,
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    start_campaign,
    subscribe,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _many_a_week() -> object:
    """The weekly limit of the house out of the way, so that the person's own is what is seen."""
    with override_settings(OUTREACH={**settings.OUTREACH, "CAP_MESSAGES": 100}):
        yield


def about(topic: Topic, recipient: Recipient, on: date | None, *, state: str = "sent") -> Run:
    """A message on the topic that counts on a date."""
    run = Run.objects.create(campaign=make_campaign(topic=topic), channel=Channel.EMAIL)
    place = address_of(recipient)
    Delivery.objects.create(
        run=run, recipient=recipient, address=place, channel=Channel.EMAIL, state=state, cap_on=on,
        recipient_slot=recipient.pk, address_slot=place.pk,
    )  # fmt: skip
    return run


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def reasons(recipient: Recipient, topic: Topic) -> list[str]:
    return [rule.code for rule in may_contact(recipient, topic, Channel.EMAIL).refused_by]


def keen(often: str, email: str = "") -> tuple[Recipient, Topic]:
    maria, topic = make_recipient(email), make_topic()
    subscribe(maria, topic)
    set_frequency(maria, {topic: often}, by=CUSTOMER)
    return maria, topic


@pytest.mark.parametrize(
    ("often", "days", "refused"),
    [
        ("", 0, False),
        ("weekly", 0, True),
        ("weekly", 6, True),
        ("weekly", 7, False),
        ("monthly", 29, True),
        ("monthly", 30, False),
        ("monthly", -29, True),
    ],
)
def test_b11_a_topic_comes_as_often_as_it_is_wanted(often: str, days: int, refused: bool) -> None:
    maria, topic = keen(often)
    about(topic, maria, ago(days))
    assert reasons(maria, topic) == (["too_often"] if refused else [])


def test_b11_what_is_reserved_counts_and_what_was_withdrawn_does_not() -> None:
    maria, topic = keen("monthly")
    run = about(topic, maria, ago(0), state="planned")
    assert reasons(maria, topic) == ["too_often"]
    Delivery.objects.filter(run=run).update(cap_on=None)
    assert reasons(maria, topic) == []


def test_b11_another_topic_does_not_count() -> None:
    maria, topic = keen("monthly")
    about(make_topic("Sparkling wines"), maria, ago(1))
    assert reasons(maria, topic) == []


def test_b11_what_somebody_else_gets_at_the_address_does_not_count() -> None:
    maria, topic = keen("monthly", "casa@example.com")
    about(topic, make_recipient("casa@example.com"), ago(1))
    assert reasons(maria, topic) == []


def test_b11_each_person_has_their_own_wish() -> None:
    maria, topic = keen("monthly")
    piero = make_recipient()
    subscribe(piero, topic)
    about(topic, piero, ago(1))
    about(topic, maria, ago(1))
    assert (reasons(maria, topic), reasons(piero, topic)) == (["too_often"], [])


def test_b11_an_audience_leaves_out_who_wants_it_less_often() -> None:
    maria, topic = keen("weekly")
    about(topic, maria, ago(3))
    campaign = make_campaign(make_group(maria), topic=topic)
    run = freeze(campaign, by=Actor.of(campaign.author))
    assert list(run.deliveries.values_list("reason", flat=True)) == ["too_often"]


def test_b11_a_frequency_chosen_after_the_approval_is_obeyed_at_the_next_claim() -> None:
    maria, piero, topic = make_recipient(), make_recipient(), make_topic()
    about(topic, maria, ago(10))
    run = start_campaign(maria, piero, topic=topic)
    set_frequency(maria, {topic: "monthly"}, by=CUSTOMER)
    taken = claim(run)
    assert [attempt.delivery.recipient for attempt in taken.attempts] == [piero]
    row = Delivery.objects.get(run=run, recipient=maria)
    assert (row.state, row.reason, row.cap_on) == ("excluded", "too_often", None)


def test_b11_of_two_campaigns_on_a_topic_one_is_sent() -> None:
    maria, topic = make_recipient(), make_topic()
    first = start_campaign(maria, topic=topic)
    second = start_campaign(maria, topic=topic)
    set_frequency(maria, {topic: "monthly"}, by=CUSTOMER)
    taken = [len(claim(run).attempts) for run in (first, second)]
    assert taken == [0, 1]


def test_d2_words_against_the_topic_are_obeyed_at_the_next_claim() -> None:
    maria, piero, topic = make_recipient(), make_recipient(), make_topic()
    run = start_campaign(maria, piero, topic=topic)
    said = say(maria, "Please, no more of these", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    tie(said, unwanted=[topic], by=make_actor())
    taken = claim(run)
    assert [attempt.delivery.recipient for attempt in taken.attempts] == [piero]
    assert Delivery.objects.get(run=run, recipient=maria).reason == "told_against"
