from io import StringIO

import pytest
from django.core.management import call_command

from outreach import periodic
from outreach.periodic import PERIODIC, Periodic, celery_schedule

pytestmark = pytest.mark.django_db


def test_one_tick_does_every_part() -> None:
    said = StringIO()
    call_command("outreach_tick", stdout=said)
    assert said.getvalue().splitlines() == [f"{part.name}: 0" for part in PERIODIC]


def test_a_part_that_fails_does_not_keep_the_others_from_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(self: Periodic) -> int:
        if self.name == PERIODIC[0].name:
            raise RuntimeError("broken")
        return 0

    monkeypatch.setattr(periodic.Periodic, "run", run)
    said, complained = StringIO(), StringIO()
    call_command("outreach_tick", stdout=said, stderr=complained)
    assert complained.getvalue() == f"{PERIODIC[0].name}: failed, see the log\n"
    assert len(said.getvalue().splitlines()) == len(PERIODIC) - 1


def test_the_schedule_names_a_task_for_each_part() -> None:
    from outreach import tasks  # noqa: F401  (registers them)
    from project.celery import app

    schedule = celery_schedule()
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
    for part in PERIODIC:
        assert app.tasks[part.task].apply().successful()


def test_without_a_broker_waking_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import current_app

    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "send_task", refuse)
    periodic.wake("dispatch")
