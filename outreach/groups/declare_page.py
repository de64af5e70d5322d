"""From a group to a declaration of interest that holds its members."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.groups.bounded import Counted, counted
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.member_pages import MemberPages, may_see_people
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.history.actor import Actor
from outreach.preferences.declaration import fill, save_declaration
from outreach.preferences.declaration_forms import FIELDSETS, DeclarationForm
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.panels import Link, Viewer


def may_declare(request: HttpRequest) -> bool:
    permission = f"{InterestDeclaration._meta.app_label}.add_interestdeclaration"
    return request.user.has_perm(permission) and may_see_people(request)


class DeclarePage(MemberPages):
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/declare/",
            self.admin_site.admin_view(self.declare_view),
            name="outreach_contactgroup_declare",
        )
        return [own, *super().get_urls()]

    def declare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for topic and proof; with POST, begin a declaration and put the members into it."""
        if not may_declare(request):
            raise PermissionDenied
        group = self._group(request, object_id)
        viewer = Viewer(request, self.admin_site)
        try:
            with asking_of_many():
                people = counted(members_of(group))
        except BrokenRule as broken:
            messages.error(request, str(broken))
            return HttpResponseRedirect(viewer.url("outreach_contactgroup_change", group.pk))
        declaration = InterestDeclaration(tenant=group.tenant)
        form: Any = DeclarationForm(sent(request), instance=declaration)
        if form.is_bound and form.is_valid():
            return self._declare(viewer, declaration, group)
        # `ask` shows the form; what it is for is done above, since it leads on to another page.
        response = ask(_page(group, people, viewer), form, str, viewer)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data["fieldsets"] = AdminForm(form, FIELDSETS, {})
        return response

    def _declare(
        self, viewer: Viewer, declaration: InterestDeclaration, group: ContactGroup
    ) -> HttpResponse:
        by = Actor.of(viewer.request.user)
        with transaction.atomic():
            save_declaration(declaration, by=by)
            note = _("the group “%(group)s”") % {"group": group}
            added = fill(declaration, members_of(group), by=by, note=note)
        text = ngettext(
            "%(count)d person of “%(group)s” is in it. Look at what becomes of them, then submit.",
            "%(count)d people of “%(group)s” are in it. Look at what becomes of them, then submit.",
            added,
        )
        messages.success(viewer.request, text % {"count": added, "group": group})
        url = viewer.url("outreach_interestdeclaration_change", declaration.pk)
        return HttpResponseRedirect(url)


def _page(group: ContactGroup, people: Counted, viewer: Viewer) -> Page:
    text = ngettext(
        "This begins a draft with the %(count)s person who is in “%(group)s” now.",
        "This begins a draft with the %(count)s people who are in “%(group)s” now.",
        people.count,
    )
    return Page(
        title=_("Declare their interest"),
        lines=[
            text % {"count": people, "group": group},
            _("Nothing counts until a second person has accepted it. A refusal stays a refusal."),
        ],
        button=_("Begin the declaration"),
        crumbs=[
            Link(str(ContactGroup._meta.verbose_name_plural), viewer.list_of(ContactGroup)),
            Link(str(group), viewer.page_of(ContactGroup, group.pk)),
        ],
        model=ContactGroup,
    )
