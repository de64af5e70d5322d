from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.history.actor import Actor
from outreach.preferences.models import RenewalRequest
from outreach.preferences.renewal import answered, mark_asked, renewals_due
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _RenewalModelAdmin = admin.ModelAdmin[RenewalRequest]
else:
    _RenewalModelAdmin = admin.ModelAdmin


SHOWN = (
    "person",
    "topic",
    "channel",
    "counts_until",
    "asked_at",
    "asked_by",
    "became_of_letter",
)


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> Iterable[tuple[str, Any]]:
        return [
            ("due", _("to be asked")),
            ("asked", _("asked, no answer yet")),
            ("done", _("answered, or over")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[RenewalRequest]
    ) -> QuerySet[RenewalRequest] | None:
        if self.value() == "due":
            return queryset.filter(pk__in=renewals_due().order_by().values("pk"))
        if self.value() == "asked":
            return queryset.filter(asked_at__isnull=False).exclude(answered())
        if self.value() == "done":
            return queryset.filter(answered())
        return None


class RenewalRequestAdmin(LongList, _RenewalModelAdmin):
    """Whose wish is about to be over: to be asked, once, whether it goes on."""

    list_display = SHOWN
    list_display_links = None
    list_filter = [StandingFilter, "record__topic"]
    list_select_related = ["record__recipient", "record__topic"]
    search_fields = ["record__recipient__name"]
    search_help_text = gettext_lazy("Name")
    actions = ["note_asked"]

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Wishes that are about to be over: ask once whether they go on")
        page = Viewer(request, self.admin_site).page_of
        for row in listed.result_list:
            row.page = page(Recipient, row.record.recipient_id)
        return listed

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: RenewalRequest | None = None
    ) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*SHOWN, "due_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_readonly_fields(request, obj)

    @admin.action(description=gettext_lazy("I have asked them"), permissions=["change"])
    def note_asked(self, request: HttpRequest, queryset: QuerySet[RenewalRequest]) -> None:
        by = Actor.of(request.user)
        due = renewals_due().filter(pk__in=queryset.order_by().values("pk"))
        asked = sum(mark_asked(each, by=by) for each in due[:100])
        text = ngettext("Noted for %(count)d person.", "Noted for %(count)d people.", asked)
        self.message_user(request, text % {"count": asked}, messages.SUCCESS)

    @admin.display(description=gettext_lazy("person"), ordering="record__recipient__name")
    def person(self, row: RenewalRequest) -> str:
        name = str(row.record.recipient)
        page = getattr(row, "page", "")
        return format_html('<a href="{}">{}</a>', page, name) if page else name

    @admin.display(description=gettext_lazy("topic"), ordering="record__topic__name")
    def topic(self, row: RenewalRequest) -> str:
        return row.record.topic.name

    @admin.display(description=gettext_lazy("channel"))
    def channel(self, row: RenewalRequest) -> str:
        return row.record.get_channel_display()

    @admin.display(description=gettext_lazy("letter"), ordering="letter", empty_value="")
    def became_of_letter(self, row: RenewalRequest) -> str | None:
        """Nothing where somebody asked in person, or nobody has yet."""
        return row.get_letter_display() if row.letter else None

    @admin.display(description=gettext_lazy("counts until"), ordering="record__valid_until")
    def counts_until(self, row: RenewalRequest) -> Any:
        return row.record.valid_until


def register(site: AdminSite) -> None:
    site.register(RenewalRequest, RenewalRequestAdmin)
