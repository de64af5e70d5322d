from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.campaigns import coordination_admin
from outreach.campaigns.changed_labels import what_changed
from outreach.campaigns.edit import not_editable, note_begun, note_edit
from outreach.campaigns.models import Campaign, CampaignExclusion, CampaignGroup, Variant
from outreach.campaigns.preflight import findings
from outreach.campaigns.standing import standing_of
from outreach.campaigns.steps import find_post_step, shown_steps
from outreach.campaigns.story import story_of
from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.history.record import history_of

if TYPE_CHECKING:
    _CampaignModelAdmin = admin.ModelAdmin[Campaign]
    _GroupTabularInline = admin.TabularInline[CampaignGroup, Campaign]
    _ExclusionTabularInline = admin.TabularInline[CampaignExclusion, Campaign]
    _VariantStackedInline = admin.StackedInline[Variant, Campaign]
else:
    _CampaignModelAdmin = admin.ModelAdmin
    _GroupTabularInline = admin.TabularInline
    _ExclusionTabularInline = admin.TabularInline
    _VariantStackedInline = admin.StackedInline

TAKEN_BACK_BY_EDIT = (Campaign.State.SUBMITTED, Campaign.State.APPROVED)


def _may_edit(request: HttpRequest, campaign: Campaign | None) -> bool:
    codename = "add_campaign" if campaign is None else "change_campaign"
    is_editable = campaign is None or campaign.state in Campaign.EDITABLE
    return is_editable and request.user.has_perm(f"outreach.{codename}")


class PartOfCampaign:
    """An inline that may be edited by whoever may edit the campaign, for as long as that goes."""

    def has_add_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return _may_edit(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return _may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return _may_edit(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return True


def _labelled(field: Any) -> Any:
    """Cells of a table have no label of their own; say it to those who cannot see the head."""
    if field is not None:
        widget: Any = getattr(field.widget, "widget", field.widget)
        widget.attrs["aria-label"] = field.label
    return field


class GroupInline(PartOfCampaign, _GroupTabularInline):
    model = CampaignGroup
    fields = ["group", "is_left_out"]
    readonly_fields = ["part"]
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        return self.fields if _may_edit(request, obj) else ["group", "part"]

    @admin.display(description=gettext_lazy("part in it"))
    def part(self, aim: CampaignGroup) -> str:
        return _("is left out") if aim.is_left_out else _("gets it")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _labelled(super().formfield_for_dbfield(db_field, request, **kwargs))


class ExclusionInline(PartOfCampaign, _ExclusionTabularInline):
    model = CampaignExclusion
    fk_name = "campaign"
    fields = ["earlier"]
    extra = 1

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return _labelled(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only what has reached somebody, or is about to."""
        if db_field.name == "earlier":
            kwargs["queryset"] = Campaign.objects.filter(state__in=Campaign.BEGUN)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class MessageInline(PartOfCampaign, _VariantStackedInline):
    """Exactly one e-mail for now; its channel is the default of the model."""

    model = Variant
    fields = ["subject", "preheader", "body"]
    extra = 1
    max_num = 1
    can_delete = False
    verbose_name = gettext_lazy("The message")
    verbose_name_plural = gettext_lazy("The message")
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 16, "cols": 80})}
    }


class CampaignAdmin(_CampaignModelAdmin):
    list_display = ["name", "state", "topic", "approach", "changed"]
    list_filter = ["state", "topic", "approach"]
    list_select_related = ["topic"]
    search_fields = ["name"]
    actions = None  # Deleting many at once would pass by the check of each.
    inlines = [GroupInline, ExclusionInline, MessageInline]
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3, "cols": 80})}
    }
    fieldsets = [
        (
            gettext_lazy("What and for whom"),
            {"fields": ["name", "topic", "purpose", "approach"]},
        ),
        (
            gettext_lazy("Would they welcome it?"),
            {
                "description": gettext_lazy(
                    "Answer as if you had received the message. Whoever approves it reads your "
                    "answers beside it. A message without a clear use for the person who gets it "
                    "costs their trust, and that is hard to win back."
                ),
                "fields": [
                    "justification",
                    "would_notice",
                    "would_help",
                    "would_welcome",
                    "impersonal_reason",
                ],
            },
        ),
        (gettext_lazy("Signed by"), {"fields": ["sender"]}),
        (
            gettext_lazy("At the same time as others"),
            {"fields": ["coordination", "coordination_rank", "cap_reason"]},
        ),
    ]

    class Media:
        css = {"all": ["outreach/staff.css"]}

    @admin.display(description=gettext_lazy("last changed"), ordering="changed_at")
    def changed(self, campaign: Campaign) -> str:
        return date_format(timezone.localtime(campaign.changed_at), "SHORT_DATETIME_FORMAT")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": capfirst(_("campaigns")), **(extra_context or {})}
        )

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state in Campaign.EDITABLE
        )

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Only what was never put before anyone may vanish."""
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or (
            obj.state == Campaign.State.DRAFT
            and not history_of(obj).filter(verb="campaign.submitted").exists()
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            if request.method == "POST" and object_id is not None:
                self._refuse_if_gone_out(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _refuse_if_gone_out(self, request: HttpRequest, object_id: str) -> None:
        campaign = self.get_object(request, unquote(object_id))
        if campaign is not None and campaign.state not in Campaign.EDITABLE:
            raise Refused(not_editable(campaign))

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        if not change:
            # The author's key has the type of the host's user model.
            obj.author_id = request.user.pk
            obj.save()
        elif form.changed_data:
            # Never the state: it is moved by conditional updates alone.
            obj.save(update_fields=form.changed_data)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Sequence[Any], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        by = Actor.of(request.user)
        if not change:
            note_begun(form.instance, by=by)
        elif changed := what_changed(form, formsets):
            was_put_before_others = form.instance.state in TAKEN_BACK_BY_EDIT
            note_edit(form.instance, by=by, note=get_text_list(changed, _("and")))
            if was_put_before_others:
                text = _("You changed it, so it needs approval again. Submit it when it is ready.")
                self.message_user(request, text, messages.WARNING)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Campaign | None = None,
    ) -> Any:
        # "Save" stays on the page, where the next step is.
        context.update(show_save_and_continue=False, show_save_and_add_another=False)
        if obj is not None:
            site_name = self.admin_site.name
            saved = Campaign.objects.select_related("topic", "sender").get(pk=obj.pk)
            steps = shown_steps(saved, request.user, current_app=site_name)
            found = findings(saved) if saved.state in Campaign.EDITABLE else []
            context.update(
                saved=saved,
                steps=steps,
                has_main_step=any(step.is_main for step in steps),
                findings=found,
                is_blocked=any(finding.is_blocking for finding in found),
                standing=standing_of(saved),
                is_taken_back_by_edit=saved.state in TAKEN_BACK_BY_EDIT
                and self.has_change_permission(request, saved),
                happened=story_of(saved),
            )
            if not self.has_change_permission(request, saved):
                _without_colons(context)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        step = find_post_step(
            request.POST.get("_step", ""), obj, request.user, current_app=self.admin_site.name
        )
        if step is not None:
            # 307 keeps it a POST: saved first, then the step is taken.
            return HttpResponseRedirect(step.url, preserve_request=True)
        return super().response_change(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Campaign) -> HttpResponseRedirect:
        return self._to_page(obj)

    def response_post_save_change(
        self, request: HttpRequest, obj: Campaign
    ) -> HttpResponseRedirect:
        return self._to_page(obj)

    def _to_page(self, obj: Campaign) -> HttpResponseRedirect:
        site_name = self.admin_site.name
        return HttpResponseRedirect(
            reverse("admin:outreach_campaign_change", args=[obj.pk], current_app=site_name)
        )


def register(site: AdminSite) -> None:
    site.register(Campaign, CampaignAdmin)
    coordination_admin.register(site)


def _without_colons(context: dict[str, Any]) -> None:
    """What is only read has its questions end in a question mark, not in one and a colon."""
    inlines = context["inline_admin_formsets"]
    forms = [context["adminform"].form, *(form for each in inlines for form in each.formset.forms)]
    for form in forms:
        form.label_suffix = ""
