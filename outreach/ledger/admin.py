from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.ledger import reasons
from outreach.ledger.list_filters import ReasonFilter, WhatBecameFilter
from outreach.ledger.models import Delivery, Run
from outreach.ledger.panels import register_panels, what_became
from outreach.ledger.what_befell import attempts_of, events_of
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _DeliveryModelAdmin = admin.ModelAdmin[Delivery]
else:
    _DeliveryModelAdmin = admin.ModelAdmin


class DeliveryAdmin(LongList, _DeliveryModelAdmin):
    """To read: who was to get what, and what befell it."""

    list_display = ["person", "where", "campaign", "became", "why"]
    list_filter = [WhatBecameFilter, ReasonFilter]
    list_select_related = ["recipient", "address", "run__campaign"]
    search_fields = ["recipient__name", "address__value"]
    search_help_text = gettext_lazy("Name or address")
    ordering = ["-pk"]
    sortable_by = ()
    change_form_template = "outreach/ledger/delivery.html"
    readonly_fields = ["person", "where", "campaign", "became", "why"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _title(listed)
        return listed

    def get_list_display(self, request: HttpRequest) -> Any:
        """Without the campaign where all are of one."""
        is_of_one_run = "run" in request.GET
        return [each for each in self.list_display if each != "campaign" or not is_of_one_run]

    def get_fields(self, request: HttpRequest, obj: Delivery | None = None) -> Any:
        found: dict[str, object] = {
            "person": True,
            "where": True,
            "campaign": True,
            "became": True,
            "why": obj and obj.reason,
            "retry_at": obj and obj.retry_at,
        }
        return [name for name, value in found.items() if value]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Delivery | None = None,
    ) -> Any:
        if obj is not None:
            viewer = Viewer(request, self.admin_site)
            context["events"] = events_of(obj)
            context["attempts"] = attempts_of(obj)
            context["person_url"] = viewer.page_of(Recipient, obj.recipient_id)
            context["run_url"] = viewer.page_of(Run, obj.run_id)
            context["title"] = _("Delivery")
            context["subtitle"] = f"{obj.recipient}, {obj.run.campaign}"
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("person"))
    def person(self, delivery: Delivery) -> str:
        return str(delivery.recipient)

    @admin.display(description=gettext_lazy("address"))
    def where(self, delivery: Delivery) -> str:
        return str(delivery.address or "")

    @admin.display(description=gettext_lazy("campaign"))
    def campaign(self, delivery: Delivery) -> str:
        return str(delivery.run.campaign)

    @admin.display(description=gettext_lazy("what became of it"))
    def became(self, delivery: Delivery) -> str:
        return what_became(delivery)

    @admin.display(description=gettext_lazy("why"))
    def why(self, delivery: Delivery) -> str:
        return str(reasons.in_words(delivery.reason))


def register(site: AdminSite) -> None:
    site.register(Delivery, DeliveryAdmin)
    register_panels()


def _title(listed: "ChangeList") -> str:
    """What is listed, by its first row where the list is that of one run or one person."""
    first = next(iter(listed.result_list), None)
    if first is not None and "run" in listed.filter_params:
        return _("Deliveries of “%(campaign)s”") % {"campaign": first.run.campaign}
    if first is not None and "recipient" in listed.filter_params:
        return _("Deliveries to %(person)s") % {"person": first.recipient}
    return _("Deliveries")
