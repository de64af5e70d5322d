"""The action by which people's data is taken out, and the list of all who ever did (B12)."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.actor import Actor
from outreach.recipients.ask_first import fieldsets_of
from outreach.recipients.export import export_people
from outreach.recipients.long_lists import LongList
from outreach.recipients.models import Export, Recipient
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

    _ExportModelAdmin = admin.ModelAdmin[Export]
else:
    _ExportModelAdmin = admin.ModelAdmin

PERMISSION = "export_person"


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=gettext_lazy("What for, and who gets it"),
        help_text=gettext_lazy(
            "As in “badges for the tasting on 3 May, for the printer in Asti”. It is kept for "
            "ever, with your name."
        ),
        min_length=10,
        max_length=2000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )
    is_promised = forms.BooleanField(
        label=gettext_lazy("It is neither sold, rented nor lent, and deleted once it has served"),
    )


@admin.action(description=gettext_lazy("Take their data out…"), permissions=["export"])
def take_out(
    model_admin: "admin.ModelAdmin[Recipient]",
    request: HttpRequest,
    queryset: QuerySet[Recipient],
) -> HttpResponseBase:
    """Ask what for; then answer with the file, once it is on record."""
    viewer = Viewer(request, model_admin.admin_site)
    if not viewer.may(PERMISSION):
        raise PermissionDenied
    form = PurposeForm(request.POST if "purpose" in request.POST else None)
    if form.is_bound and form.is_valid():
        return _file(request, queryset, form.cleaned_data["purpose"])
    request.current_app = model_admin.admin_site.name
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": _("Take their data out"),
        "opts": model_admin.opts,
        "crumbs": [Link(str(model_admin.opts.verbose_name_plural), viewer.list_of(Recipient))],
        "form": form,
        "fieldsets": fieldsets_of(form),
        "count": queryset.count(),
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "outreach/recipients/export.html", context)


def _file(request: HttpRequest, people: QuerySet[Recipient], purpose: str) -> FileResponse:
    by = Actor.of(request.user)
    export, file = export_people(people, purpose=purpose, what=_which_people(request), by=by)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"people-{export.public_id}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _which_people(request: HttpRequest) -> str:
    """By the filters of the list; what was searched for may be a name, and this stays for ever."""
    if request.POST.get("select_across") != "1":
        return _("ticked one by one")
    narrowed = request.GET.copy()
    was_searched = bool(narrowed.pop("q", None))
    words = [_("all in the list"), narrowed.urlencode(), _("found by a search") * was_searched]
    return ", ".join(filter(None, words))


class ExportAdmin(LongList, _ExportModelAdmin):
    """To read, for ever: who took people's data out, what for, and by which mark it is known."""

    list_display = ["at", "actor_name", "purpose", "what", "count", "public_id"]
    list_filter = ["at"]
    search_fields = ["purpose", "actor_name", "digest"]
    search_help_text = gettext_lazy("Purpose or person; or the mark or digest of a file you found")
    actions = None

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        listed.title = _("Data of people that was taken out")
        return listed

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Export], search_term: str
    ) -> tuple[QuerySet[Export], bool]:
        try:
            mark = UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(public_id=mark), False

    def get_readonly_fields(self, request: HttpRequest, obj: Export | None = None) -> list[str]:
        return ["at", "actor_name", "purpose", "what", "count", "public_id", "digest"]

    def get_fields(self, request: HttpRequest, obj: Export | None = None) -> Any:
        return self.get_readonly_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False


def register(site: AdminSite) -> None:
    site.register(Export, ExportAdmin)
