"""The pages beside a group's own: its members, and adding people."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.exceptions import Refused
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_of
from outreach.groups.forms import AddPeopleForm
from outreach.groups.members import add_members, members_of, remove_members
from outreach.groups.models import ContactGroup
from outreach.groups.people_page import page_of, ticked
from outreach.history.actor import Actor
from outreach.recipients.models import Recipient

if TYPE_CHECKING:
    _GroupModelAdmin = admin.ModelAdmin[ContactGroup]
else:
    _GroupModelAdmin = admin.ModelAdmin

TEMPLATES = "admin/outreach/contactgroup"
MOST_EXCLUSIONS = 200


def may_see_people(request: HttpRequest) -> bool:
    """Groups may be seen without the people in them, but not the other way round."""
    codename = get_permission_codename("view", Recipient._meta)
    changing = get_permission_codename("change", Recipient._meta)
    label = Recipient._meta.app_label
    user = request.user
    return user.has_perm(f"{label}.{codename}") or user.has_perm(f"{label}.{changing}")


class MemberPages(_GroupModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/members/",
                wrap(self.members_view),
                name="outreach_contactgroup_members",
            ),
            path(
                "<path:object_id>/add-people/",
                wrap(self.add_people_view),
                name="outreach_contactgroup_add_people",
            ),
        ]
        return [*own, *super().get_urls()]

    def members_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Who is in the group; with POST, take the ticked people out of it."""
        group = self._group(request, object_id)
        may_change = self.may_pick(request, group)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            return self._remove(request, group)
        context: dict[str, Any] = {"title": _("Members of “%(group)s”") % {"group": group}}
        try:
            listed = page_of(members_of(group), request, group=group)
            context |= {"listed": listed, "may_change": may_change}
        except BrokenRule as broken:
            context["broken"] = str(broken)
        context["exclusions"] = group.exclusions.select_related("recipient").order_by("-since_at")[
            :MOST_EXCLUSIONS
        ]
        return self._page(request, group, "members.html", context)

    def add_people_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Search for people and tick them; with POST, add them with the reason."""
        group = self._group(request, object_id)
        if not self.may_pick(request, group):
            raise PermissionDenied
        form = AddPeopleForm(request.POST if request.method == "POST" else None)
        ids = ticked(request.POST)
        if form.is_bound and form.is_valid() and ids:
            return self._add(request, group, ids, form.cleaned_data["reason"])
        listed = page_of(people_of(group.tenant), request, group=group)
        context = {
            "title": _("Add people to “%(group)s”") % {"group": group},
            "listed": listed if listed.q else None,
            "search": listed.search,
            "form": form,
            "ticked": ids,
            "nobody_ticked": form.is_bound and not ids,
        }
        return self._page(request, group, "add_people.html", context)

    def may_pick(self, request: HttpRequest, group: ContactGroup) -> bool:
        """Whether the user may put people in and take them out by hand."""
        is_hand = group.kind == ContactGroup.Kind.HAND
        return is_hand and may_see_people(request) and self.has_change_permission(request, group)

    def _remove(self, request: HttpRequest, group: ContactGroup) -> HttpResponse:
        ids = ticked(request.POST)
        removed = remove_members(group, ids, by=Actor.of(request.user)) if ids else 0
        if removed:
            text = ngettext(
                "%(count)d person is no longer in “%(group)s”.",
                "%(count)d people are no longer in “%(group)s”.",
                removed,
            )
            self.message_user(request, text % {"count": removed, "group": group})
        else:
            text = _("Nobody was ticked, so nobody was taken out.")
            self.message_user(request, text, messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())

    def _add(
        self, request: HttpRequest, group: ContactGroup, ids: list[int], reason: str
    ) -> HttpResponse:
        try:
            by, source = Actor.of(request.user), _("searched among all people")
            added = add_members(group, ids, by=by, reason=reason, source=source)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.message_user(request, added_message(added, group))
            self._tell_of_excluded(request, group, ids)
        return HttpResponseRedirect(request.get_full_path())

    def _tell_of_excluded(self, request: HttpRequest, group: ContactGroup, ids: list[int]) -> None:
        said_no = group.exclusions.filter(recipient__in=ids).select_related("recipient")
        if names := ", ".join(str(each.recipient) for each in said_no[:5]):
            text = _("Not added, since they told us that they do not belong here: %(names)s")
            self.message_user(request, text % {"names": names}, messages.WARNING)

    def _group(self, request: HttpRequest, object_id: str) -> ContactGroup:
        group = self.get_object(request, unquote(object_id))
        if not (self.has_view_permission(request, group) and may_see_people(request)):
            raise PermissionDenied
        if group is None:
            raise Http404
        return group

    def _page(
        self, request: HttpRequest, group: ContactGroup, template: str, context: dict[str, Any]
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"{TEMPLATES}/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "group": group,
                "may_pick": self.may_pick(request, group),
                "may_change_group": self.has_change_permission(request, group),
                **context,
            },
        )


def added_message(added: int, group: ContactGroup) -> str:
    """What to tell whoever added people."""
    if not added:
        return _("Nobody was added to “%(group)s” who was not in it before.") % {"group": group}
    text = ngettext(
        "%(count)d person is now in “%(group)s”.",
        "%(count)d people are now in “%(group)s”.",
        added,
    )
    return text % {"count": added, "group": group}
