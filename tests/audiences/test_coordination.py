"""B10: of campaigns that are coordinated each person gets one, by the order that staff set."""

from typing import Any

import pytest

from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.audiences.reserve import release
from outreach.campaigns.models import Campaign, Coordination
from outreach.history.actor import SYSTEM, Actor
from outreach.ledger.models import Delivery, Run
from outreach.preferences.models import Topic
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import examine
from tests.builders import make_campaign, make_group, make_recipient, make_topic, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    return make_topic()


@pytest.fixture
def people(topic: Topic) -> list[Recipient]:
    people = [make_recipient() for _ in range(4)]
    for person in people:
        subscribe(person, topic)
    return people


def coordinated(topic: Topic, people: list[Recipient], rank: int, **fields: Any) -> Campaign:
    together, _is_new = Coordination.objects.get_or_create(name="Spring in Asti")
    return make_campaign(
        make_group(*people), topic=topic, coordination=together, coordination_rank=rank,
        cap_reason="Both are told at once.", **fields,
    )  # fmt: skip


def put_forward(campaign: Campaign) -> Run:
    freeze(campaign, by=SYSTEM)
    return submit(campaign, by=Actor.of(campaign.author)).run


def who(run: Run) -> set[int]:
    planned = Delivery.objects.filter(run=run, state="planned")
    return set(planned.values_list("recipient", flat=True))


def keys(people: list[Recipient]) -> set[int]:
    return {person.pk for person in people}


def test_b10_who_is_in_the_first_is_left_out_of_the_second(
    topic: Topic, people: list[Recipient]
) -> None:
    first = put_forward(coordinated(topic, people[:3], rank=1))
    second = put_forward(coordinated(topic, people[1:], rank=2))
    assert who(first) == keys(people[:3])
    assert who(second) == keys(people[3:])
    left_out = Delivery.objects.filter(run=second, reason="coordinated")
    assert left_out.count() == 2


def test_b10_what_comes_first_takes_over_what_was_only_planned(
    topic: Topic, people: list[Recipient]
) -> None:
    later = put_forward(coordinated(topic, people[1:], rank=2))
    first = put_forward(coordinated(topic, people[:3], rank=1))
    assert who(first) == keys(people[:3])
    assert who(later) == keys(people[3:])
    assert not [found for found in examine() if found.violations and found.statement.number == 1]


def test_b10_nobody_is_taken_over_who_was_taken_up_already(
    topic: Topic, people: list[Recipient]
) -> None:
    later = put_forward(coordinated(topic, people[:2], rank=2))
    Delivery.objects.filter(run=later, recipient=people[0]).update(state="claimed")
    first = put_forward(coordinated(topic, people[:3], rank=1))
    assert who(first) == keys(people[1:3])


def test_b10_what_is_given_back_can_be_had_again(topic: Topic, people: list[Recipient]) -> None:
    first = put_forward(coordinated(topic, people, rank=1))
    release(first)
    assert who(put_forward(coordinated(topic, people, rank=2))) == keys(people)


def test_b10_campaigns_that_are_not_coordinated_do_not_know_of_each_other(
    topic: Topic, people: list[Recipient]
) -> None:
    put_forward(coordinated(topic, people, rank=1))
    other = make_campaign(make_group(*people), topic=topic, cap_reason="It is the harvest.")
    assert who(put_forward(other)) == keys(people)
