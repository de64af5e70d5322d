from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign, Coordination

if TYPE_CHECKING:
    _CoordinationModelAdmin = admin.ModelAdmin[Coordination]
    _CampaignTabularInline = admin.TabularInline[Campaign, Coordination]
    _CoordinationModelForm = forms.ModelForm[Coordination]
else:
    _CoordinationModelAdmin = admin.ModelAdmin
    _CampaignTabularInline = admin.TabularInline
    _CoordinationModelForm = forms.ModelForm


class CoordinationForm(_CoordinationModelForm):
    class Meta:
        model = Coordination
        fields = ["name"]

    def clean_name(self) -> str:
        """Names are unique in a tenant, which the form does not show and so does not check."""
        name: str = self.cleaned_data["name"]
        others = Coordination.objects.filter(tenant=self.instance.tenant, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("There is a coordination with this name already."))
        return name


class MembersInline(_CampaignTabularInline):
    """To read: a campaign is put in its place on its own page, which is an edit of it."""

    model = Campaign
    fields = ["coordination_rank", "name", "state"]
    readonly_fields = ["coordination_rank", "name", "state"]
    ordering = ["coordination_rank", "pk"]
    can_delete = False
    show_change_link = True
    extra = max_num = 0
    verbose_name_plural = _("who could get several gets the first of these")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CoordinationAdmin(_CoordinationModelAdmin):
    form = CoordinationForm
    list_display = ["name", "campaigns_in_it", "created_at"]
    search_fields = ["name"]
    fields = ["name"]
    actions = None
    inlines = [MembersInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coordination]:
        return super().get_queryset(request).annotate(members=Count("campaigns"))

    @admin.display(description=_("campaigns"), ordering="members")
    def campaigns_in_it(self, coordination: Any) -> int:
        return int(coordination.members)


def register(site: AdminSite) -> None:
    site.register(Coordination, CoordinationAdmin)
