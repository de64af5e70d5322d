"""Index of all admin classes, the one place that puts them on a site, and a site of our own."""

from importlib import import_module
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

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


class StaffSite(AdminSite):
    """For hosts without an admin that their staff use: outreach alone, for whoever may see it.

    Asks no more of a user than Django's admin itself does: a host's users may lack `is_staff`.
    """

    site_title = site_header = index_title = _("Outreach")
    login_form = AuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active and user.is_authenticated and user.has_module_perms("outreach"))


site = StaffSite(name="outreach_staff")

for path in conf().admin_sites:
    register(import_string(path))
