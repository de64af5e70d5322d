"""Keys are UUIDs; where Django has MAILERS, the host and outreach have one each."""

import django

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import EMAIL_BACKEND, INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.uuid_keys"]
OUTREACH = {**OUTREACH, "CONTACT_SOURCES": ["tests.hosts.uuid_keys.source.Contacts"]}

if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": EMAIL_BACKEND}, "outreach": {"BACKEND": OUTREACH["MAILER"]}}
    OUTREACH["MAILER"] = "outreach"
    del EMAIL_BACKEND
