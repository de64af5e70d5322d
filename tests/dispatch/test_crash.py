"""A worker that is killed in the middle, with a real process and a real SIGKILL."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from outreach.dispatch.hand_over import sweep_leases
from outreach.dispatch.send import send_run
from outreach.ledger.models import Attempt, Delivery
from outreach.workplace.doctor import examine
from tests.builders import make_recipient, start_campaign
from tests.dispatch.providers import Provider

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORKER = """
    import django, os, signal, sys
    django.setup()
    from django.conf import settings
    from django.db import connection
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
    settings.OUTREACH["MAILER"] = "tests.dispatch.providers.Provider"
    from outreach.conf import conf
    conf.cache_clear()
    from outreach.dispatch.send import send_run
    from outreach.ledger.models import Run
    from tests.dispatch.providers import Provider

    def take(self, message):
        if len(self.sent) == 7:
            os.kill(os.getpid(), signal.SIGKILL)

    Provider.take = take
    send_run(Run.objects.get())
"""


def test_statement_3_a_killed_worker_leaves_at_most_one_message_unknown() -> None:
    run = start_campaign(*[make_recipient() for _ in range(20)])
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WORKER), connection.settings_dict["NAME"]],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert Attempt.objects.filter(outcome="accepted").count() == 7
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        sweep_leases()
        send_run(run)
    states = Delivery.objects.filter(run=run).values_list("state", flat=True)
    assert sorted(states) == ["sent"] * 19 + ["unknown"]
    assert len(Provider.sent) == 12
    assert [finding for finding in examine() if finding.violations] == []
