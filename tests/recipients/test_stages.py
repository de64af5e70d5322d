"""A4, A8: a stage is moved by what really happened, and by hand with a reason alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.history.record import history_of
from outreach.recipients.models import Recipient, Stage
from outreach.recipients.stages import MOVES, RANK, Event, below, happened, move_by_hand, sweep
from tests.builders import make_recipient

pytestmark = pytest.mark.django_db
ANNA = Actor(key="1", name="Anna")


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("stage", Stage)
def test_a4_each_event_moves_as_the_table_says(event: Event, stage: Stage) -> None:
    person = make_recipient(stage=stage)
    happened(event, [person.pk])
    person.refresh_from_db()
    to = MOVES[event].get(stage, stage)
    assert person.stage == to
    assert history_of(person).filter(verb="stage.moved").exists() == (to != stage)


def test_a_sign_of_life_is_the_latest_and_never_goes_back() -> None:
    person, now = make_recipient(), timezone.now()
    happened(Event.CHOSE, [person.pk], at=now)
    happened(Event.CHOSE, [person.pk], at=now - timedelta(days=3))
    person.refresh_from_db()
    assert person.last_sign_at == now


@pytest.mark.parametrize(("days", "lapses"), [(364, False), (366, True)])
def test_a4_a_year_without_a_sign_is_lapsed(days: int, *, lapses: bool) -> None:
    person = make_recipient(stage=Stage.CUSTOMER)
    Recipient.objects.update(last_sign_at=timezone.now() - timedelta(days=days))
    assert sweep() == int(lapses)
    person.refresh_from_db()
    assert (person.stage == Stage.LAPSED) is lapses
    assert sweep() == 0


def test_who_never_gave_a_sign_lapses_a_year_after_we_learned_of_them() -> None:
    make_recipient(stage=Stage.INTRODUCED)
    Recipient.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert sweep() == 1


def test_a8_by_hand_it_takes_a_reason_that_is_kept() -> None:
    people = [make_recipient(stage=Stage.STRANGER), make_recipient(stage=Stage.CUSTOMER)]
    with pytest.raises(Refused):
        move_by_hand(people, Stage.ACQUAINTED, by=ANNA, why="  ")
    assert move_by_hand(people, Stage.ACQUAINTED, by=ANNA, why="Met at the fair in Alba.") == 2
    assert "Met at the fair" in history_of(people[0])[0].note
    assert move_by_hand(people, Stage.ACQUAINTED, by=ANNA, why="Again.") == 0


def test_the_ranks_name_every_stage_once() -> None:
    assert sorted(RANK) == sorted(Stage)
    assert below(Stage.STRANGER) == []
