from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.recipients import export_admin, list_filters, stage_action
from outreach.recipients.erase_page import erase_page
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.recipients.own_panels import register_panels
from outreach.recipients.panels import Viewer, shown_panels
from outreach.recipients.wording import country_name, language_name

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _RecipientModelAdmin = admin.ModelAdmin[Recipient]
else:
    _RecipientModelAdmin = admin.ModelAdmin


class RecipientAdmin(LongList, _RecipientModelAdmin):
    """To read: people come from the CRM and are changed there; what they chose is acted on."""

    list_display = [
        "person",
        "company",
        "first_address",
        "country_in_words",
        "language_in_words",
        "stage",
    ]
    list_filter = ["stage", list_filters.LanguageFilter, list_filters.CountryFilter]
    search_fields = ["name", "company", "addresses__value"]
    search_help_text = gettext_lazy("Name, company or address")
    ordering = ["tenant", "name", "pk"]  # as the index has it
    actions = [export_admin.take_out, stage_action.move_stage]
    fieldsets = [
        (
            gettext_lazy("Who they are"),
            {
                "fields": [
                    "name",
                    "company",
                    "country_in_words",
                    "language_in_words",
                    "time_zone",
                    "stage",
                    "erased_at",
                ]
            },
        )
    ]
    readonly_fields = ["country_in_words", "language_in_words"]

    class Media:
        css = {"all": ["outreach/people.css"]}

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), *list_filters.added()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipient]:
        held = RecipientAddress.objects.select_related("address").order_by("position", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("held", held))

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("People")
        return listed

    def get_fieldsets(self, request: HttpRequest, obj: Recipient | None = None) -> Any:
        """Without the line that says when they were erased, unless they were."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.erased_at is not None:
            return fieldsets
        ((name, options),) = fieldsets
        shown = [field for field in options["fields"] if field != "erased_at"]
        return [(name, {**options, "fields": shown})]

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:recipient_id>/erase/",
            self.admin_site.admin_view(self.erase_view),
            name="outreach_recipient_erase",
        )
        return [own, *super().get_urls()]

    def erase_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        return erase_page(request, self.admin_site, recipient_id)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return Viewer(request, self.admin_site).may(export_admin.PERMISSION)

    def has_move_stage_permission(self, request: HttpRequest) -> bool:
        return Viewer(request, self.admin_site).may(stage_action.PERMISSION)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Recipient | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Recipient | None = None) -> bool:
        """Nobody is deleted: what they refused has to outlive whatever the CRM does."""
        return False

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Recipient | None = None,
    ) -> Any:
        if obj is not None:
            shown = shown_panels(obj, Viewer(request, self.admin_site))
            context["panels"] = shown
            context["tools"] = [tool for panel in shown for tool in panel.tools]
            context["title"] = _("Person")
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def person(self, recipient: Recipient) -> str:
        return str(recipient)

    @admin.display(description=gettext_lazy("address"))
    def first_address(self, recipient: Recipient) -> str:
        return next((str(row.address) for row in recipient.held.all()), "")

    @admin.display(description=gettext_lazy("country"), ordering="country")
    def country_in_words(self, recipient: Recipient) -> str:
        return str(country_name(recipient.country))

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def language_in_words(self, recipient: Recipient) -> str:
        return language_name(recipient.chosen_language or recipient.language)


def register(site: AdminSite) -> None:
    site.register(Recipient, RecipientAdmin)
    export_admin.register(site)
    register_panels()
