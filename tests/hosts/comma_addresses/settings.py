"""Several addresses in one field; staff work on an admin site of their own."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.comma_addresses"]
ROOT_URLCONF = "tests.hosts.comma_addresses.urls"
OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.comma_addresses.source.Customers"],
    "ADMIN_SITES": ["tests.hosts.comma_addresses.office.office"],
}
