"""The periodic work notes that it runs, and people are told when it does not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outreach import periodic
from outreach.ledger.models import Run
from outreach.periodic import BY_NAME, PERIODIC
from outreach.workplace.doctor import examine
from outreach.workplace.heartbeat import allowed, late_parts
from outreach.workplace.models import Heartbeat
from outreach.workplace.today import PERIODIC_WORK
from tests.builders import make_recipient, make_user, start_campaign

pytestmark = pytest.mark.django_db
SENDING = BY_NAME["dispatch"]


def break_down() -> int:
    raise RuntimeError("broken")


def make_broken(monkeypatch: pytest.MonkeyPatch) -> periodic.Periodic:
    return periodic.Periodic(name="dispatch", path=f"{__name__}.break_down", every=SENDING.every)


def names() -> list[str]:
    return [part.name for part in late_parts()]


def said_by_the_doctor() -> tuple[str, ...]:
    (finding,) = (each for each in examine() if each.statement.number == 0)
    assert len(finding.examples) == min(finding.violations, 5)  # the first few are enough
    return finding.examples


def today_page(client: Client) -> str:
    client.force_login(make_user("anna", "outreach.view_campaign"))
    return client.get(reverse("admin:outreach_today_changelist")).content.decode()


def test_a_part_notes_when_it_began_and_ended() -> None:
    before = timezone.now()
    SENDING.run()
    row = Heartbeat.objects.get(name="dispatch")
    assert row.begun_at
    assert row.finished_at
    assert before <= row.begun_at <= row.finished_at <= timezone.now()
    assert row.error == ""


def test_a_part_that_fails_says_with_what_and_fails_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SENDING.run()
    ended = Heartbeat.objects.get(name="dispatch").finished_at
    with pytest.raises(RuntimeError, match="broken"):
        make_broken(monkeypatch).run()
    row = Heartbeat.objects.get(name="dispatch")
    assert (row.error, row.finished_at) == ("RuntimeError", ended)
    SENDING.run()
    assert Heartbeat.objects.get(name="dispatch").error == ""


def test_what_cannot_be_noted_stops_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**kwargs: Any) -> Any:
        raise DatabaseError("no such table")

    monkeypatch.setattr(Heartbeat.objects, "filter", refuse)
    assert SENDING.run() == 0


def test_from_the_first_part_that_runs_all_are_expected() -> None:
    assert names() == []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        SENDING.run()
        clock.shift(timedelta(minutes=10))
        assert names() == []
        clock.shift(timedelta(seconds=1))
        often = [part.name for part in PERIODIC if 3 * part.every <= timedelta(minutes=10)]
        assert names() == often
        assert "contacts" not in often
        clock.shift(timedelta(hours=3))
        assert names() == [part.name for part in PERIODIC if allowed(part) < timedelta(hours=3.2)]
        assert "contacts" in names()


def test_failing_for_long_is_being_late(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        call_command("outreach_tick")
        clock.shift(timedelta(minutes=11))
        call_command("outreach_tick")
        assert names() == []
        clock.shift(timedelta(minutes=11))
        with pytest.raises(RuntimeError):
            make_broken(monkeypatch).run()
        (late,) = (part for part in late_parts() if part.name == "dispatch")
        assert late.error == "RuntimeError"
        assert late.last_at == timezone.now() - timedelta(minutes=11)


def test_the_doctor_says_what_is_late() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        call_command("outreach_tick")
        assert said_by_the_doctor() == ()
        clock.shift(timedelta(minutes=11))
        SENDING.run()
        assert "tracking" in said_by_the_doctor()
        assert "dispatch" not in said_by_the_doctor()


def test_the_doctor_misses_work_that_never_ran_once_it_is_needed() -> None:
    assert said_by_the_doctor() == ()
    run = start_campaign(make_recipient())
    assert said_by_the_doctor() == ()
    Run.objects.filter(pk=run.pk).update(started_at=timezone.now() - timedelta(minutes=11))
    assert len(said_by_the_doctor()) == 1
    SENDING.run()
    assert said_by_the_doctor() == ()


def test_the_front_page_says_what_is_late(client: Client) -> None:
    assert "has not run on this site so far" in today_page(client)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        SENDING.run()
        page = today_page(client)
        assert "has not run" not in page
        assert "is late" not in page
        clock.shift(timedelta(minutes=61))
        page = today_page(client)
    assert "Some work in the background is late" in page
    assert "Sending what was approved: not for 1 h 1 min" in page
    assert "Taking in replies: never so far" in page


def test_late_work_has_words_for_people() -> None:
    assert PERIODIC_WORK.keys() == BY_NAME.keys()
