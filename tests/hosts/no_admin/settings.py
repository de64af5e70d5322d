"""No admin, no sessions, no include in urls.py; and a manager that raises outside a scope."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import OUTREACH

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "anymail",
    "import_export",
    "outreach",
    "tests.hosts.no_admin",
]
MIDDLEWARE = ["outreach.middleware.PublicPages", "django.middleware.common.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "tests.hosts.no_admin.urls"
OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.no_admin.source.Contacts"],
    "ADMIN_SITES": [],
}
