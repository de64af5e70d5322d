"""Two firms that PostgreSQL keeps apart: row-level security, and a role that is bound by it."""

from tests.hosts.two_tenants.settings import *  # noqa: F403
from tests.hosts.two_tenants.settings import OUTREACH

OUTREACH = {
    **OUTREACH,
    "CONTACT_SOURCES": ["tests.hosts.row_security.source.Customers"],
    "TENANCY": "tests.hosts.row_security.tenancy.FirmsInTheDatabase",
}
