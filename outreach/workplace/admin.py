from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from outreach.workplace.heartbeat import has_ever_run
from outreach.workplace.models import Today
from outreach.workplace.reading import reading_lines
from outreach.workplace.today import is_nobody_reachable, late_lines, parts_for

if TYPE_CHECKING:
    TodayModelAdmin = admin.ModelAdmin[Today]
else:
    TodayModelAdmin = admin.ModelAdmin


class TodayAdmin(TodayModelAdmin):
    """One page, made by `today`; nothing can be added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Today | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Today | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Today | None = None) -> bool:
        """Everybody who works with campaigns or conversations; each part asks for its own."""
        user: Any = request.user
        return bool(
            user.has_perm("outreach.view_campaign") or user.has_perm("outreach.view_conversation")
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Today"),
            "opts": self.opts,
            "parts": parts_for(request.user, site=self.admin_site.name),
            "is_nobody_reachable": is_nobody_reachable(),
            "has_ever_run": has_ever_run(),
            "late_parts": late_lines(),
            "reading": reading_lines(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "outreach/workplace/today.html", context)


def register(site: admin.AdminSite) -> None:
    site.register(Today, TodayAdmin)
