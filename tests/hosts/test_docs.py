"""What the documentation tells a host to write is what the hosts of these tests have."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HOSTS = Path(__file__).parent
PAGES = sorted(page for page in (DOCS / "hosts").glob("*.md") if page.name != "README.md")
BLOCK = re.compile(r"```python\n# (\S+?\.py)\b[^\n]*\n(.*?)```", re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    """The file that each piece of code is for, and the code."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_the_source_of_a_host_that_is_tried(page: Path) -> None:
    tried = {path.read_text(encoding="utf-8").strip() for path in HOSTS.glob("*/source.py")}
    shown = [code.strip() for file, code in blocks(page) if file == "contact_source.py"]
    assert len(shown) == 1
    assert shown[0] in tried


def test_each_page_is_in_the_list() -> None:
    listed = (DOCS / "hosts" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name})" not in listed] == []


def ten_lines() -> dict[str, str]:
    text = (DOCS / "embedding.md").read_text(encoding="utf-8")
    begin = text.index("## Ten lines")
    return dict(BLOCK.findall(text[begin : text.index("\n1. ", begin)]))


def test_ten_lines_are_ten() -> None:
    lines = [line for code in ten_lines().values() for line in code.splitlines() if line.strip()]
    assert len(lines) <= 10


HOST = """
SECRET_KEY = "only-for-this-test"
USE_TZ = True
STATIC_URL = "static/"
ROOT_URLCONF = "urls"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.sessions", "django.contrib.messages", "crm"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
              "OPTIONS": {"context_processors": [
                  "django.template.context_processors.request",
                  "django.contrib.auth.context_processors.auth",
                  "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:",
                         "OPTIONS": {"transaction_mode": "IMMEDIATE"}}}
"""
CRM = """
from django.db import models
class Contact(models.Model):
    email = models.EmailField()
"""
TRY = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
print(sorted(found.id for found in run_checks()))
call_command("migrate", run_syncdb=True, verbosity=0)
from crm.models import Contact
Contact.objects.bulk_create([Contact(email="Maria@example.com")])
from outreach.recipients.models import Address
from outreach.recipients.sync import sweep
print(sweep(), list(Address.objects.values_list("value", flat=True)))
print(Client().get("/outreach/p/broken").status_code)
"""


def test_with_ten_lines_it_runs(tmp_path: Path) -> None:
    """All that the checks still want is who the company is."""
    told = ten_lines()
    (tmp_path / "crm").mkdir()
    files = {
        "settings.py": HOST + told["settings.py"],
        "urls.py": "from django.contrib import admin\nfrom django.urls import include, path\n"
        'urlpatterns = [path("admin/", admin.site.urls)]\n' + told["urls.py"],
        "crm/__init__.py": "",
        "crm/models.py": CRM,
        "crm/contact_source.py": told["crm/contact_source.py"],
        "run.py": TRY,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    wanted = [f"outreach.W00{n}" for n in (4, 5, 6, 7, 8)]
    assert [found for found in eval(lines[0]) if found not in {"models.W042"}] == wanted
    assert lines[1:] == ["1 ['maria@example.com']", "404"]
