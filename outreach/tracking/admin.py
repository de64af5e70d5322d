from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outreach.tracking.apply import take_again
from outreach.tracking.models import ProviderEvent

if TYPE_CHECKING:
    _ProviderEventModelAdmin = admin.ModelAdmin[ProviderEvent]
else:
    _ProviderEventModelAdmin = admin.ModelAdmin


class ProviderEventAdmin(_ProviderEventModelAdmin):
    """To read only: what a provider said stays as it said it."""

    list_display = ["received_at", "event_type", "bounce_type", "state", "error", "provider"]
    list_filter = ["state", "event_type", "provider"]
    search_fields = ["message_id", "subject_key"]
    actions = ["take_in_again"]
    fields = [
        "provider",
        "event_type",
        "happened_at",
        "received_at",
        "bounce_type",
        "smtp_reply",
        "description",
        "state",
        "error",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ProviderEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProviderEvent | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outreach.change_providerevent")

    @admin.action(description=_("Take in again"), permissions=["retry"])
    def take_in_again(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> None:
        chosen = list(queryset.values_list("pk", flat=True))
        done = take_again(chosen)
        text = ngettext(
            "%(done)s of %(all)s report is taken in.",
            "%(done)s of %(all)s reports are taken in.",
            len(chosen),
        ) % {"done": done, "all": len(chosen)}
        level = messages.SUCCESS if done == len(chosen) else messages.WARNING
        self.message_user(request, text, level)


def register(site: AdminSite) -> None:
    site.register(ProviderEvent, ProviderEventAdmin)
