"""Two firms in one database that does not keep them apart: outreach has to."""

from tests.hosts.plain import *  # noqa: F403
from tests.hosts.plain import INSTALLED_APPS, MIDDLEWARE, OUTREACH

INSTALLED_APPS = [*INSTALLED_APPS, "tests.hosts.two_tenants"]
MIDDLEWARE = [*MIDDLEWARE, "tests.hosts.two_tenants.tenancy.firm_of_the_user"]
OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.two_tenants.source.Customers"],
    "TENANCY": "tests.hosts.two_tenants.tenancy.Firms",
}
