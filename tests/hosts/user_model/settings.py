"""People are the user model: one name, and the address to log in with."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.user_model"]
AUTH_USER_MODEL = "members.Member"
OUTREACH = {**OUTREACH, "CONTACT_SOURCES": ["tests.hosts.user_model.source.Members"]}
