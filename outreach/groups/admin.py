from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.groups.actions import add_to_group, may_add_to_group, offer_on_lists_of_contacts
from outreach.groups.bounded import Counted
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.count import count_members
from outreach.groups.declare_page import DeclarePage, may_declare
from outreach.groups.deletion import what_goes
from outreach.groups.edit import delete_groups, save_group
from outreach.groups.exclusion_pages import ExclusionPages
from outreach.groups.forms import GroupForm
from outreach.groups.import_pages import ImportPages
from outreach.groups.member_pages import may_see_people
from outreach.groups.models import ContactGroup
from outreach.groups.outcome import outcome_of, outcome_of_rows
from outreach.groups.panels import register_panels
from outreach.groups.preview_page import PreviewPage
from outreach.groups.why_pages import WhyPages
from outreach.history.actor import Actor
from outreach.recipients.models import Recipient

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList


class ContactGroupAdmin(PreviewPage, ImportPages, WhyPages, ExclusionPages, DeclarePage):
    form = GroupForm
    list_display = ["name", "kind", "how_many", "description"]
    list_filter = ["kind"]
    list_per_page = 25
    list_max_show_all = 25
    search_fields = ["name", "description"]
    search_help_text = gettext_lazy("Name, or who they are")
    radio_fields = {"kind": admin.HORIZONTAL}
    fieldsets = [(None, {"fields": ["name", "description", "kind"]})]

    class Media:
        css = {"all": ["outreach/groups.css"]}

    def get_urls(self) -> list[URLPattern]:
        # Here, since by now the CRM's lists are there, in whichever order the apps are installed.
        offer_on_lists_of_contacts(self.admin_site)
        return super().get_urls()

    def get_readonly_fields(
        self, request: HttpRequest, obj: ContactGroup | None = None
    ) -> list[str]:
        return ["kind"] if obj else []

    def get_changelist_instance(self, request: HttpRequest) -> "ChangeList":
        listed = super().get_changelist_instance(request)
        counts = count_members(listed.result_list)
        for group in listed.result_list:
            group.people_count = counts.get(group.pk)
        return listed

    @admin.display(description=gettext_lazy("people"))
    def how_many(self, group: ContactGroup) -> str:
        count: Counted | BrokenRule | None = getattr(group, "people_count", None)
        if isinstance(count, BrokenRule):
            return format_html(
                '<strong class="broken-rule" title="{}">{}</strong>', count, _("rule is broken")
            )
        return format_html(
            '<a href="{}">{}</a>',
            reverse(
                "admin:outreach_contactgroup_members",
                args=[group.pk],
                current_app=self.admin_site.name,
            ),
            _("not counted here") if count is None else count,
        )

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: ContactGroup | None = None,
    ) -> HttpResponse:
        sees_people = may_see_people(request)
        context |= {"may_see_people": sees_people, "may_declare": may_declare(request)}
        form = context["adminform"].form
        # As saved: after a form with mistakes `obj` carries what was typed.
        saved = ContactGroup.objects.get(pk=obj.pk) if obj and obj.pk else None
        if form.may_have_rule and self._may_write(request, saved):
            context["preview_url"] = self._preview_url(saved)
        if saved:
            context["may_pick"] = self.may_pick(request, saved)
        if form.editor.asked:
            tenant = form.instance.tenant
            context["outcome"] = outcome_of_rows(
                form.editor, tenant=tenant, with_people=sees_people
            )
        elif saved:
            context["outcome"] = outcome = outcome_of(saved, with_people=sees_people)
            context["broken"] = outcome.problem
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _may_write(self, request: HttpRequest, group: ContactGroup | None) -> bool:
        if group is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, group)

    def _preview_url(self, group: ContactGroup | None) -> str:
        name = "admin:outreach_contactgroup_preview"
        site = self.admin_site.name
        if group is None:
            return reverse(f"{name}_new", current_app=site)
        return reverse(name, args=[group.pk], current_app=site)

    def save_model(self, request: HttpRequest, obj: ContactGroup, form: Any, change: bool) -> None:
        save_group(obj, by=Actor.of(request.user))

    def delete_model(self, request: HttpRequest, obj: ContactGroup) -> None:
        delete_groups([obj], by=Actor.of(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ContactGroup]) -> None:
        delete_groups(queryset, by=Actor.of(request.user))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return what_goes(list(objs))


def register(site: AdminSite) -> None:
    site.register(ContactGroup, ContactGroupAdmin)
    register_panels()
    _offer_on_the_list_of_people(site)


def _offer_on_the_list_of_people(site: AdminSite) -> None:
    """The list of people stands before groups in the house and cannot know of them."""
    people: Any = site.get_model_admin(Recipient)
    people.actions = [*(people.actions or ()), add_to_group]
    people.has_add_to_group_permission = may_add_to_group
