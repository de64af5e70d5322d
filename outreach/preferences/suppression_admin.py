from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.preferences.list_filters import InForceFilter
from outreach.preferences.models import Suppression
from outreach.preferences.panels import what_it_binds
from outreach.preferences.stop_pages import StopPages
from outreach.preferences.wording import BEFORE_LIFTING
from outreach.recipients.find import address_row, recipients_at
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class SuppressionAdmin(LongList, StopPages):
    """All stops: made here, on the page of a person, by a list, or by what providers report."""

    list_display = ["binds", "reason", "since_at", "actor_name", "state"]
    list_filter = [InForceFilter, "reason", "channel"]
    list_select_related = ["recipient", "address"]
    search_fields = ["recipient__name", "address__value"]
    search_help_text = gettext_lazy("Name or address; a whole address is found by its hash, too")
    actions = None
    change_list_template = "admin/outreach/suppression/change_list.html"
    change_form_template = "admin/outreach/recipient/stop.html"
    readonly_fields = ["person", "channels"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Stops: nothing is sent there")
        return listed

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """A whole address finds its stops where nothing but its hash is kept."""
        address = address_row(Channel.EMAIL, search_term)
        if address is None:
            return super().get_search_results(request, queryset, search_term)
        people = recipients_at(Channel.EMAIL, search_term).values("pk")
        return queryset.filter(Q(address=address) | Q(recipient__in=people)), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        viewer = Viewer(request, self.admin_site)
        url = viewer.url("outreach_suppression_list") if viewer.may("import_suppression") else ""
        return super().changelist_view(request, {"list_url": url, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> Any:
        """Without the lines that have nothing to say."""
        found: dict[str, object] = {
            "reason": True,
            "person": obj and obj.recipient,
            "address": obj and obj.address,
            "channels": True,
            "note": obj and obj.note,
            "since_at": True,
            "actor_name": True,
            "lifted_at": obj and obj.lifted_at,
            "lifted_by": obj and obj.lifted_by,
            "lift_reason": obj and obj.lift_reason,
        }
        return [name for name, value in found.items() if value]

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Suppression | None = None,
    ) -> Any:
        viewer = Viewer(request, self.admin_site)
        context["title"] = _("Stop")
        if obj is not None:
            context["subtitle"] = what_it_binds(obj)
            is_live = obj.lifted_at is None and obj.reason in BEFORE_LIFTING
            if is_live and viewer.may("change_suppression"):
                context["lift_url"] = viewer.url("outreach_suppression_lift", obj.pk)
            if obj.recipient is not None:
                context["person_url"] = viewer.page_of(Recipient, obj.recipient.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("who or where"))
    def binds(self, stop: Suppression) -> str:
        return what_it_binds(stop)

    @admin.display(description=gettext_lazy("state"))
    def state(self, stop: Suppression) -> str:
        return _("lifted") if stop.lifted_at else _("in force")

    @admin.display(description=gettext_lazy("person"))
    def person(self, stop: Suppression) -> str:
        return str(stop.recipient)

    @admin.display(description=gettext_lazy("stops"))
    def channels(self, stop: Suppression) -> str:
        return stop.get_channel_display() if stop.channel else _("all messages")


def register(site: AdminSite) -> None:
    site.register(Suppression, SuppressionAdmin)
