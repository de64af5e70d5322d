"""A worker that is killed in the middle, with a real process and a real SIGKILL."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outreach.dispatch.hand_over import sweep_leases
from outreach.dispatch.send import send_run
from outreach.ledger.models import Attempt, Delivery
from outreach.workplace.doctor import examine
from tests.builders import make_recipient, start_campaign
from tests.dispatch.dying_worker import die_after
from tests.dispatch.providers import Provider

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORK = """
from outreach.dispatch.send import send_run
from outreach.ledger.models import Run
send_run(Run.objects.get())
"""


def test_statement_3_a_killed_worker_leaves_at_most_one_message_unknown() -> None:
    run = start_campaign(*[make_recipient() for _ in range(20)])
    die_after(7, in_the_middle_of=WORK)
    assert Attempt.objects.filter(outcome="accepted").count() == 7
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        sweep_leases()
        send_run(run)
    states = Delivery.objects.filter(run=run).values_list("state", flat=True)
    assert sorted(states) == ["sent"] * 19 + ["unknown"]
    assert len(Provider.sent) == 12
    assert [finding for finding in examine() if finding.violations] == []
