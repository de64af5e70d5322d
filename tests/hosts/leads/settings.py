"""Two models with people: a lead becomes a contact, and its flag does not come along."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.leads"]
OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.leads.source.Leads", "tests.hosts.leads.source.Contacts"],
}
