"""Play the whole scenario in this process, in the host that the command names.

    python -m tests.hosts.play uuid_keys

Prints one JSON object: each step with what was wrong with it, and what it was played on.
"""

import json
import logging
import os
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.hosts.crm import Crm
    from tests.hosts.verdict import Verdict


def play(host: str) -> "Verdict":
    from tests.hosts.embed import embed
    from tests.hosts.scenario import Scenario
    from tests.hosts.verdict import Complaints, Verdict

    verdict, complaints = Verdict(), Complaints()
    for name in ("outreach", "django.db", "django.request"):
        logging.getLogger(name).addHandler(complaints)
    embed(verdict)
    crm: Crm = import_module(f"tests.hosts.{host}.deeds").Deeds()
    crm.before(verdict)
    with crm.around():
        Scenario(crm, verdict).play()
    crm.after(verdict)
    with verdict.step("nothing went wrong in silence"):
        assert not complaints.heard, complaints.heard
    return verdict


def main(host: str) -> None:
    import django
    from django.db import connection

    os.environ["DJANGO_SETTINGS_MODULE"] = f"tests.hosts.{host}.settings"
    warnings.simplefilter("error")
    # Of the host alone: from Django 6.1 on, most still have it, and we have to fit in all the same.
    warnings.filterwarnings("ignore", message="The EMAIL_BACKEND setting is deprecated")
    django.setup()
    steps = play(host).steps
    played_on = {"django": django.get_version(), "database": connection.vendor}
    sys.stdout.write(json.dumps({"steps": steps, **played_on}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
