"""A process of its own that hands messages over, and is killed in the middle (kill -9)."""

import os
import signal
import subprocess
import sys

from django.conf import settings
from django.db import connection

WORKER = """
import django, os, signal, sys
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
settings.OUTREACH["MAILER"] = "tests.dispatch.providers.Provider"
from outreach.conf import conf
conf.cache_clear()
from tests.dispatch.providers import Provider

def take(self, message):
    if len(self.sent) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

Provider.take = take
"""


def die_after(sent: int, *, in_the_middle_of: str) -> None:
    """Run these lines in the database of the test; the process dies in the next hand-over."""
    name = str(connection.settings_dict["NAME"])
    killed = subprocess.run(
        [sys.executable, "-c", f"{WORKER}\n{in_the_middle_of}", name, str(sent)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
