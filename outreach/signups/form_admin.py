from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.actor import Actor
from outreach.recipients.panels import Link, Viewer
from outreach.signups.ask import offer_at
from outreach.signups.embed import form_url, snippets_of
from outreach.signups.figures import months_of
from outreach.signups.forms import SignUpFormForm
from outreach.signups.keep_form import save_form
from outreach.signups.models import SignUp, SignUpForm

if TYPE_CHECKING:
    _FormModelAdmin = admin.ModelAdmin[SignUpForm]
else:
    _FormModelAdmin = admin.ModelAdmin


class SignUpFormAdmin(_FormModelAdmin):
    """Forms by which people ask to hear from us, with what to copy and what came of each."""

    form = SignUpFormForm
    list_display = ["name", "title", "is_active", "asked", "confirmed"]
    list_filter = ["is_active", "topics"]
    search_fields = ["name", "title", "slug"]
    actions = None
    change_form_template = "admin/outreach/signupform/change_form.html"
    fieldsets = [
        (gettext_lazy("For us"), {"fields": ["name", "slug", "is_active", "sender"]}),
        (
            gettext_lazy("As people read it"),
            {"fields": ["title", "intro", "topics", "asks_name", "wording", "language"]},
        ),
        (gettext_lazy("Where it stands"), {"fields": ["allowed_origins", "return_url"]}),
    ]

    class Media:
        css = {"all": ["outreach/staff.css", "outreach/people.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignUpForm]:
        confirmed = Q(sign_ups__state=SignUp.State.CONFIRMED)
        counted = {
            "asked_count": Count("sign_ups", distinct=True),
            "confirmed_count": Count("sign_ups", filter=confirmed, distinct=True),
        }
        return super().get_queryset(request).annotate(**counted)

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: SignUpForm | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: SignUpForm | None = None) -> list[str]:
        """Pages out there lead to its address."""
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: SignUpForm | None = None) -> bool:
        """What people agreed to stays on record; a form that is not wanted any more is closed."""
        return False

    def save_model(self, request: HttpRequest, obj: SignUpForm, form: Any, change: bool) -> None:
        labels = [str(form.fields[name].label) for name in form.changed_data if name != "wording"]
        note = get_text_list(labels, _("and")) if change else ""
        by = Actor.of(request.user)
        save_form(obj, wording=form.cleaned_data["wording"], by=by, note=note)

    def response_post_save_add(self, request: HttpRequest, obj: SignUpForm) -> HttpResponseRedirect:
        """On to its page, where there is something to copy."""
        viewer = Viewer(request, self.admin_site)
        return HttpResponseRedirect(viewer.url("outreach_signupform_change", obj.pk))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: SignUpForm | None = None,
    ) -> HttpResponse:
        if obj is not None and obj.pk:
            context |= _shown(obj, Viewer(request, self.admin_site))
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("asked"), ordering="asked_count")
    def asked(self, form: SignUpForm) -> int:
        return int(getattr(form, "asked_count", 0))

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_count")
    def confirmed(self, form: SignUpForm) -> int:
        return int(getattr(form, "confirmed_count", 0))


def _shown(form: SignUpForm, viewer: Viewer) -> dict[str, object]:
    """What stands below the fields: what to copy, the figures, the wordings so far."""
    offer = offer_at(form.slug)
    return {
        "tools": [Link(_("See it as people do"), form_url(form))] if offer else [],
        "snippets": snippets_of(offer) if offer else [],
        "months": months_of(form, viewer),
        "wordings": list(form.wordings.order_by("-version")),
    }
