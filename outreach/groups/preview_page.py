"""Count while one writes: the rows and what they come to, for the script of the rule's editor."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from outreach.groups.member_pages import may_see_people
from outreach.groups.models import ContactGroup
from outreach.groups.outcome import outcome_of_rows
from outreach.groups.registry import known_facts
from outreach.groups.rule_editor import RuleEditor

if TYPE_CHECKING:
    _GroupModelAdmin = admin.ModelAdmin[ContactGroup]
else:
    _GroupModelAdmin = admin.ModelAdmin


class PreviewPage(_GroupModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        name = "outreach_contactgroup_preview"
        view = self.admin_site.admin_view(self.preview_view)
        own = [
            path("preview/", view, name=f"{name}_new"),
            path("<path:object_id>/preview/", view, name=name),
        ]
        return [*own, *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """Rows and outcome of a rule that is sent; by POST, since a rule is long. Keeps nothing."""
        may = self.has_change_permission if object_id else self.has_add_permission
        if not may(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        group = self.get_object(request, unquote(object_id)) if object_id else ContactGroup()
        if group is None:
            raise Http404
        editor = RuleEditor(request.POST, group.rule, known=known_facts(group.tenant))
        sees_people = may_see_people(request)
        outcome = outcome_of_rows(editor, tenant=group.tenant, with_people=sees_people)
        request.current_app = self.admin_site.name
        context = {"editor": editor, "outcome": outcome, "may_see_people": sees_people}
        return TemplateResponse(request, "outreach/groups/rule_preview.html", context)
