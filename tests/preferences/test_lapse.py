"""B1: a wish for a time ends with its time, at once, and is on record as over soon after."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences import lapse
from outreach.preferences.choices import choices_of
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import (
    Act,
    ConsentRecord,
    Objection,
    Source,
    Subscription,
    Topic,
)
from outreach.recipients.models import Channel, Recipient, RecipientAddress
from outreach.recipients.moves import Move, tell
from outreach.workplace.doctor.consent import over_and_not_on_record
from tests.builders import address_of, make_recipient, make_topic
from tests.preferences.declaring import is_the_fold

pytestmark = pytest.mark.django_db
EMAIL = Channel.EMAIL
BEGAN = datetime.fromisoformat("2026-03-01T12:00:00+01:00")
OVER = BEGAN + timedelta(days=30)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as coordinates:
        yield coordinates


def wish(person: Recipient, topic: Topic) -> None:
    grant(person, [topic], channel=EMAIL, source=Source.FORM, by=CUSTOMER)


def says(person: Recipient, topic: Topic) -> list[str]:
    return [rule.code for rule in may_contact(person, topic, EMAIL).refused_by]


def test_b1_nothing_is_sent_from_the_instant_on_at_which_it_is_over(
    clock: time_machine.Traveller,
) -> None:
    maria, topic = make_recipient(), make_topic(valid_for=30)
    wish(maria, topic)
    clock.move_to(OVER - MOMENT)
    assert says(maria, topic) == []
    assert lapse.sweep() == 0
    clock.move_to(OVER)
    assert says(maria, topic) == ["no_consent"]
    assert choices_of(maria)[0].wanted == {"email": False}
    assert Subscription.objects.get().is_granted, "the sweep has not been there"


def test_what_is_over_is_on_record_and_was_refused_by_nobody(
    clock: time_machine.Traveller,
) -> None:
    maria, topic = make_recipient(), make_topic(valid_for=30)
    wish(maria, topic)
    clock.move_to(OVER)
    assert (lapse.sweep(), lapse.sweep()) == (1, 0)
    act = ConsentRecord.objects.latest("pk")
    assert (act.act, act.source, act.basis) == (Act.EXPIRE, Source.EXPIRY, "")
    assert not Subscription.objects.get().is_granted
    assert says(maria, topic) == ["no_consent"]
    assert not Objection.objects.exists()
    assert history_of(maria)[0].verb == "consent.expired"
    assert history_of(maria)[0].note == topic.name
    assert is_the_fold()
    wish(maria, topic)
    assert says(maria, topic) == []


def test_the_doctor_sees_what_nobody_put_on_record(clock: time_machine.Traveller) -> None:
    maria, topic = make_recipient(), make_topic(valid_for=30)
    wish(maria, topic)
    clock.move_to(OVER + timedelta(minutes=9))
    assert not over_and_not_on_record().exists()
    clock.move_to(OVER + timedelta(minutes=11))
    assert over_and_not_on_record().exists()
    lapse.sweep()
    assert not over_and_not_on_record().exists()


def test_whoever_renews_or_refuses_before_the_end_stays_as_they_said(
    clock: time_machine.Traveller,
) -> None:
    topic, people = make_topic(valid_for=30), [make_recipient() for _number in range(3)]
    for person in people:
        wish(person, topic)
    clock.move_to(OVER - timedelta(days=1))
    wish(people[0], topic)
    withdraw(people[1], [topic], channel=EMAIL, source=Source.PHONE, by=SYSTEM)
    clock.move_to(OVER)
    assert lapse.sweep() == 1
    assert [says(person, topic)[:1] for person in people] == [[], ["opted_out"], ["no_consent"]]


def test_many_wishes_of_several_topics_end_in_batches(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = [make_topic("One", valid_for=30), make_topic("Other", valid_for=10)]
    people = [make_recipient() for _number in range(4)]
    for person in people:
        grant(person, topics, channel=EMAIL, source=Source.FORM, by=CUSTOMER)
    monkeypatch.setattr(lapse, "BATCH", 3)
    clock.move_to(OVER)
    assert lapse.sweep() == 8
    assert ConsentRecord.objects.filter(act=Act.EXPIRE).count() == 8
    notes = {entry.note for entry in history_of(people[0]).filter(verb="consent.expired")}
    assert notes == {"One", "Other"}
    assert is_the_fold()


def test_a_batch_takes_a_few_queries_however_many_people(
    django_assert_max_num_queries: object, clock: time_machine.Traveller
) -> None:
    topic = make_topic(valid_for=30)
    for _number in range(12):
        wish(make_recipient(), topic)
    clock.move_to(OVER)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert lapse.lapse_batch() == 12


def test_without_days_a_wish_counts_until_a_refusal(clock: time_machine.Traveller) -> None:
    maria, topic = make_recipient(), make_topic()
    wish(maria, topic)
    clock.move_to(BEGAN + timedelta(days=20_000))
    assert lapse.sweep() == 0
    assert says(maria, topic) == []


def test_a_wish_that_was_over_does_not_stay_behind_as_a_refusal(
    clock: time_machine.Traveller,
) -> None:
    maria, topic = make_recipient("casa@example.com"), make_topic(valid_for=30)
    wish(maria, topic)
    clock.move_to(OVER)
    lapse.sweep()
    address = address_of(maria)
    RecipientAddress.objects.all().delete()
    tell([Move(recipient_id=maria.pk, address_id=address.pk, channel=EMAIL, is_left=True)])
    assert not Objection.objects.exists()
