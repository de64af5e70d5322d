"""Index of all admin classes, and the one place that puts them on a site. No logic."""

from importlib import import_module

from django.contrib.admin import AdminSite
from django.utils.module_loading import import_string

from outreach.conf import conf

ROOMS = (
    "calendars",
    "senders",
    "recipients",
    "preferences",
    "groups",
    "campaigns",
    "ledger",
    "approvals",
    "dispatch",
    "tracking",
    "conversations",
    "sla",
    "signups",
    "workplace",
)


def register(site: AdminSite) -> None:
    """Add outreach to an admin site of the host."""
    for room in ROOMS:
        import_module(f"outreach.{room}.admin").register(site)


for path in conf().admin_sites:
    register(import_string(path))
