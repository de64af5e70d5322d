"""The work of a run, done by a worker that a broker woke."""

import os
from pathlib import Path

import pytest

from outreach.ledger.models import Attempt, Delivery, Run
from tests.broker.conftest import Provider
from tests.broker.worker import running_worker
from tests.builders import make_recipient, start_campaign

pytestmark = [pytest.mark.broker, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BROKERS = {
    "rabbitmq": os.environ.get("OUTREACH_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "redis": os.environ.get("OUTREACH_REDIS_URL", "redis://127.0.0.1:6379/0"),
}


@pytest.mark.parametrize("broker", BROKERS)
def test_a_worker_sends_a_run_when_woken(broker: str, provider: Provider, tmp_path: Path) -> None:
    people = [make_recipient(f"person{number}@example.com") for number in range(3)]
    run = start_campaign(*people)
    with running_worker(BROKERS[broker], tmp_path, DEMO_MAILBOX_PORT=provider.port) as worker:
        worker.wait(worker.is_ready, seconds=60)
        assert not provider.messages, "Nobody was to send before the call."
        worker.call("outreach.dispatch")
        worker.wait(lambda: _state_of(run) == Run.State.DONE, seconds=30)
    assert sorted(message["To"] for message in provider.messages) == [
        f"person{number}@example.com" for number in range(3)
    ]
    assert _outcomes(run) == {(Delivery.State.SENT, Attempt.Outcome.ACCEPTED)}


@pytest.mark.parametrize("broker", BROKERS)
def test_a_call_made_twice_sends_once(broker: str, provider: Provider, tmp_path: Path) -> None:
    run = start_campaign(make_recipient("maria@example.com"))
    with running_worker(BROKERS[broker], tmp_path, DEMO_MAILBOX_PORT=provider.port) as worker:
        worker.call("outreach.dispatch")
        worker.call("outreach.dispatch")
        worker.wait(lambda: worker.log.read_text().count("succeeded in") == 2, seconds=60)
    assert _state_of(run) == Run.State.DONE
    assert len(provider.messages) == 1


def _state_of(run: Run) -> str:
    return Run.objects.values_list("state", flat=True).get(pk=run.pk)


def _outcomes(run: Run) -> set[tuple[str, str]]:
    rows = Attempt.objects.filter(delivery__run=run)
    return set(rows.values_list("delivery__state", "outcome"))
