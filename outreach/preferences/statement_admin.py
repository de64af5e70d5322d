"""What people told us in their own words: to read, and to say what it is about (D2)."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.statement_pages import StatementPages
from outreach.preferences.statement_panels import register_panels
from outreach.preferences.statement_wording import what_it_is_about
from outreach.preferences.wish_models import Statement
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class StatementAdmin(LongList, StatementPages):
    list_display = ["words", "recipient", "said_at", "source", "state", "about"]
    list_filter = ["state", "source", ("taken_back_at", admin.EmptyFieldListFilter)]
    list_select_related = ["recipient"]
    search_fields = ["text", "recipient__name"]
    search_help_text = gettext_lazy("Words or name")
    change_form_template = "admin/outreach/recipient/statement.html"
    fields = [
        "text",
        "recipient",
        "said_at",
        "source",
        "actor_name",
        "state",
        "about",
        "taken_back_at",
    ]
    readonly_fields = ["about"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        return super().get_queryset(request).prefetch_related("ties__topic")

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("What people told us in their own words")
        return listed

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is written down on the page of the person."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        """Their words stay as they are; what they mean has a page of its own."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return Viewer(request, self.admin_site).may("view_statement", "change_statement")

    def has_delete_permission(self, request: HttpRequest, obj: Statement | None = None) -> bool:
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Statement | None = None,
    ) -> Any:
        viewer = Viewer(request, self.admin_site)
        context["title"] = _("In their own words")
        context["subtitle"] = None
        if obj is not None:
            context["person_url"] = viewer.page_of(Recipient, obj.recipient_id)
            if obj.taken_back_at is None and viewer.may("change_statement"):
                context["tie_url"] = viewer.url("outreach_statement_tie", obj.pk)
                context["take_back_url"] = viewer.url("outreach_statement_take_back", obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("in their words"), ordering="text")
    def words(self, statement: Statement) -> str:
        return Truncator(statement.text).chars(80)

    @admin.display(description=gettext_lazy("what it is about"))
    def about(self, statement: Statement) -> str:
        return what_it_is_about(statement)


def register(site: AdminSite) -> None:
    site.register(Statement, StatementAdmin)
    register_panels()
