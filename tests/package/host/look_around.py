"""Run by the clean environment: what a stranger does who has just installed the wheel."""

import os
import sys
from importlib.resources import files
from pathlib import Path

import django
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override


def look_around() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "host.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    django.setup()

    import outreach

    assert "site-packages" in str(outreach.__file__), outreach.__file__
    assert files("outreach").joinpath("py.typed").is_file()
    call_command("migrate", verbosity=0)
    call_command("check", "--fail-level", "WARNING", "--database", "default")
    call_command("makemigrations", "--check", "--dry-run")
    _commands()
    _pages()
    _files()


def _commands() -> None:
    from django.contrib.auth.models import User

    from outreach.recipients.models import Recipient

    User.objects.create_superuser("ada", "ada@example.com", "ada")
    call_command("outreach_roles")
    call_command("outreach_tick")
    call_command("outreach_doctor")
    assert Recipient.objects.filter(addresses__value="ada@example.com").count() == 1


def _pages() -> None:
    from django.contrib.auth.models import User

    client = Client()
    login = client.get(reverse("admin:login"))
    assert login.status_code == 200, login
    broken_link = client.get(reverse("outreach:preferences", args=["broken"]))
    assert broken_link.status_code == 404, broken_link
    assert b"Cantina Rossi" in broken_link.content
    client.force_login(User.objects.get())
    for page in ("today", "campaign", "recipient"):
        assert client.get(reverse(f"admin:outreach_{page}_changelist")).status_code == 200, page


def _files() -> None:
    assert finders.find("outreach/centre.css")
    with override("it"):
        assert gettext("by post") == "per posta"


look_around()
sys.stdout.write("All is there.\n")
