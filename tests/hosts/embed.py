"""The host takes outreach in: checks, tables, and no drift."""

import sys
from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from tests.hosts.verdict import Verdict


def embed(verdict: Verdict) -> None:
    with verdict.step("the checks find nothing"):
        call_command("check", fail_level="WARNING", stderr=StringIO(), stdout=StringIO())
    with verdict.step("migrate outreach alone"):
        call_command("migrate", "outreach", verbosity=0)
        assert "outreach_recipient" in connection.introspection.table_names()
    with verdict.step("migrate all"):
        call_command("migrate", run_syncdb=True, verbosity=0)
        get_user_model()._default_manager.count()
    with verdict.step("no migration is missing"):
        for apps in ([], ["outreach"]):
            call_command("makemigrations", *apps, check=True, dry_run=True, verbosity=1)
    with verdict.step("the checks of the database find nothing"):
        call_command("check", databases=["default"], fail_level="WARNING", stdout=StringIO())
    with verdict.step("without an admin, none of its pages is loaded"):
        has_admin = "django.contrib.admin" in settings.INSTALLED_APPS
        assert ("outreach.admin" in sys.modules) == has_admin
