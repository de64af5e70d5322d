from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.utils.translation import gettext_lazy as _

from outreach.senders.models import Sender

if TYPE_CHECKING:
    _SenderModelAdmin = admin.ModelAdmin[Sender]
else:
    _SenderModelAdmin = admin.ModelAdmin


class SenderAdmin(_SenderModelAdmin):
    list_display = ["name", "role", "phone", "email", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "email"]
    raw_id_fields = ["user"]
    actions = None  # Whoever signed a message stays on record; untick “may sign messages”.
    fieldsets = [
        (
            _("As customers know them"),
            {
                "description": _(
                    "People stand behind every message: customers see this name and number under "
                    "it, and may call or answer."
                ),
                "fields": ["name", "role", "phone", "email", "photo"],
            },
        ),
        (_("In this office"), {"fields": ["user", "is_active"]}),
    ]


def register(site: AdminSite) -> None:
    site.register(Sender, SenderAdmin)
