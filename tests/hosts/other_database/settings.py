"""The CRM's tables are in a database of their own, beside the one that Django and outreach use."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import DATABASES, INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.other_database"]
DATABASES = {
    **DATABASES,
    "crm": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    },
}
DATABASE_ROUTERS = ["tests.hosts.other_database.router.Router"]
OUTREACH = {**OUTREACH, "CONTACT_SOURCES": ["tests.hosts.other_database.source.Buyers"]}
