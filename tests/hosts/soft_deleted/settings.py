"""Contacts are a child table of parties, and a deleted one is only marked as such."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.soft_deleted"]
OUTREACH = {**OUTREACH, "CONTACT_SOURCES": ["tests.hosts.soft_deleted.source.People"]}
