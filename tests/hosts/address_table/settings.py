"""Addresses in a table of their own, behind all that can stand in front of a page."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.address_table"]
MIDDLEWARE = [
    "outreach.middleware.PublicPages",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tests.hosts.address_table.guard.login_required",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "tests.hosts.address_table.urls"
LOGIN_URL = "admin:login"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("it", "Italiano")]
APPEND_SLASH = True
SECURE_SSL_REDIRECT = True
OUTREACH = {**OUTREACH, "CONTACT_SOURCES": ["tests.hosts.address_table.source.Clients"]}
