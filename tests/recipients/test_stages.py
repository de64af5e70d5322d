"""A4, A8: a stage is moved by what really happened, and by hand with a reason alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.history.models import HistoryEntry
from outreach.history.record import history_of
from outreach.recipients import stages
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
    everybody = Recipient.objects.all()
    with pytest.raises(Refused):
        move_by_hand(everybody, Stage.ACQUAINTED, by=ANNA, why="  ")
    assert not HistoryEntry.objects.exists()
    assert move_by_hand(everybody, Stage.ACQUAINTED, by=ANNA, why="Met at the fair in Alba.") == 2
    assert [history_of(person)[0].note for person in people] == [
        "acquainted: Met at the fair in Alba."
    ] * 2
    assert move_by_hand(everybody, Stage.ACQUAINTED, by=ANNA, why="Again.") == 0


def test_a8_many_are_moved_in_batches_with_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "BATCH", 3)
    for _number in range(7):
        make_recipient(stage=Stage.STRANGER)
    make_recipient(stage=Stage.STRANGER, erased_at=timezone.now())
    strangers = Recipient.objects.filter(stage=Stage.STRANGER)
    assert move_by_hand(strangers, Stage.INTRODUCED, by=ANNA, why="On the guest list.") == 7
    assert HistoryEntry.objects.filter(verb="stage.moved", actor_name="Anna").count() == 7
    assert strangers.count() == 1  # whom we may not know any more


def test_a8_what_fails_in_the_middle_moves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "BATCH", 1)
    for _number in range(2):
        make_recipient(stage=Stage.STRANGER)
    written = iter([None])
    monkeypatch.setattr(stages, "record_each", lambda *args, **named: next(written))
    with pytest.raises(StopIteration):
        move_by_hand(Recipient.objects.all(), Stage.CUSTOMER, by=ANNA, why="Bought at the door.")
    assert Recipient.objects.filter(stage=Stage.STRANGER).count() == 2


def test_the_ranks_name_every_stage_once() -> None:
    assert sorted(RANK) == sorted(Stage)
    assert below(Stage.STRANGER) == []
