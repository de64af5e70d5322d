from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.sla.models import ReplyPolicy

if TYPE_CHECKING:
    _ReplyPolicyModelAdmin = admin.ModelAdmin[ReplyPolicy]
    _ReplyPolicyModelForm = forms.ModelForm[ReplyPolicy]
else:
    _ReplyPolicyModelAdmin = admin.ModelAdmin
    _ReplyPolicyModelForm = forms.ModelForm

HOUR = timedelta(hours=1)


class ReplyPolicyForm(_ReplyPolicyModelForm):
    hours = forms.DecimalField(
        label=_("First answer within, in hours"),
        help_text=_("Only time on days on which you are open counts. Usual: 24."),
        min_value=Decimal("0.25"),
        max_value=720,
        max_digits=6,
        decimal_places=2,
        widget=AdminIntegerFieldWidget(attrs={"step": "any"}),
    )

    class Meta:
        model = ReplyPolicy
        fields = ["calendar"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within = self.instance.first_response_within
        self.fields["hours"].initial = Decimal(f"{within / HOUR:.2f}").normalize().__format__("f")

    def save(self, commit: bool = True) -> ReplyPolicy:
        self.instance.first_response_within = float(self.cleaned_data["hours"]) * HOUR
        policy: ReplyPolicy = super().save(commit)
        return policy


class ReplyPolicyAdmin(_ReplyPolicyModelAdmin):
    """One row: the promise of the house."""

    form = ReplyPolicyForm
    list_display = ["first_response_within", "calendar"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "How soon people who write to you get an answer from a person. What came in "
                    "before keeps the time that it was given then."
                ),
                "fields": ["hours", "calendar"],
            },
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ReplyPolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: ReplyPolicy | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        only = ReplyPolicy.objects.first()
        if only and ReplyPolicy.objects.count() == 1 and self.has_view_permission(request, only):
            page = reverse(
                "admin:outreach_replypolicy_change",
                args=[only.pk],
                current_app=self.admin_site.name,
            )
            return HttpResponseRedirect(page)
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: ReplyPolicy, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            note = f"{obj.first_response_within / HOUR:g} h, {obj.calendar or '–'}"
            record(obj, "changed" if change else "made", by=Actor.of(request.user), note=note)
