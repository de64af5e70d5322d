"""The pages to put people of a file into a group: look first, then add, and undo if need be."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.exceptions import OutreachError, Refused
from outreach.groups.forms import ImportForm
from outreach.groups.member_file import Difference
from outreach.groups.member_import import carry_out, propose, still_there, undo
from outreach.groups.member_pages import MemberPages, added_message
from outreach.groups.models import ContactGroup, MemberImport
from outreach.history.actor import Actor
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.panels import Link, Viewer

NAME = "outreach_contactgroup_import"
SHOWN = 200
MOST_IMPORTS = 30


class ImportPages(MemberPages):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        at = "<path:object_id>/import/"
        own = [
            path(at, wrap(self.import_view), name=NAME),
            path(f"{at}<int:key>/add/", wrap(self.import_add_view), name=f"{NAME}_add"),
            path(f"{at}<int:key>/undo/", wrap(self.import_undo_view), name=f"{NAME}_undo"),
        ]
        return [*own, *super().get_urls()]

    def import_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose a file; with POST, show what it would change. The group stays as it is."""
        group = self._to_import_into(request, object_id)
        form = ImportForm(sent(request), request.FILES if request.method == "POST" else None)
        context: dict[str, Any] = {"form": form, "imports": _imports(group)}
        if form.is_bound and form.is_valid():
            file, reason = form.cleaned_data["file"], form.cleaned_data["reason"]
            by = Actor.of(request.user)
            try:
                proposal, found = propose(group, file.name, file.read(), reason=reason, by=by)
            except Refused as refused:
                form.add_error("file", str(refused))
            else:
                context |= {"proposal": proposal, **_shown(found)}
        context["title"] = _("Add people of a file to “%(group)s”") % {"group": group}
        return self._page(request, group, "import.html", context)

    def import_add_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        group = self._to_import_into(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        proposal = get_object_or_404(MemberImport, group=group, pk=key)
        try:
            added = carry_out(proposal, by=Actor.of(request.user))
        except OutreachError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, added_message(added, group))
        return HttpResponseRedirect(Viewer(request, self.admin_site).url(NAME, group.pk))

    def import_undo_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        group = self._to_import_into(request, object_id)
        done = get_object_or_404(MemberImport, group=group, pk=key)
        viewer = Viewer(request, self.admin_site)

        def take_out() -> str:
            removed = undo(done, by=Actor.of(request.user))
            text = ngettext(
                "Undone: %(count)d person is no longer in “%(group)s”.",
                "Undone: %(count)d people are no longer in “%(group)s”.",
                removed,
            )
            return text % {"count": removed, "group": group}

        return ask(_undo_page(done, group, viewer), forms.Form(sent(request)), take_out, viewer)

    def _to_import_into(self, request: HttpRequest, object_id: str) -> ContactGroup:
        group = self._group(request, object_id)
        if not self.may_pick(request, group):
            raise PermissionDenied
        return group


def _imports(group: ContactGroup) -> "list[MemberImport]":
    done = MemberImport.objects.filter(group=group).exclude(state=MemberImport.State.PROPOSED)
    return list(done[:MOST_IMPORTS])


def _shown(found: Difference) -> dict[str, Any]:
    """The figures, and the first of each list: one of 20,000 rows is no page to read."""
    lists: dict[str, list[Any]] = {
        "to_add": found.to_add,
        "refusing": found.refusing,
        "strangers": found.strangers,
        "unreadable": found.unreadable,
        "already": found.already,
        "twice": found.twice,
    }
    shown = {name: rows[:SHOWN] for name, rows in lists.items()}
    more = {name: max(len(rows) - SHOWN, 0) for name, rows in lists.items()}
    return {"found": found, "shown": shown, "more": more}


def _undo_page(done: MemberImport, group: ContactGroup, viewer: Viewer) -> Page:
    there = still_there(done)
    text = ngettext(
        "%(count)d person whom this file brought is taken out of “%(group)s”.",
        "%(count)d people whom this file brought are taken out of “%(group)s”.",
        there,
    )
    return Page(
        title=_("Undo the import of %(file)s") % {"file": done},
        lines=[
            text % {"count": there, "group": group},
            _("Whoever was in it before, or was picked by hand since, stays."),
        ],
        button=_("Undo the import"),
        crumbs=[
            Link(str(ContactGroup._meta.verbose_name_plural), viewer.list_of(ContactGroup)),
            Link(str(group), viewer.page_of(ContactGroup, group.pk)),
            Link(_("Import"), viewer.url(NAME, group.pk)),
        ],
        model=ContactGroup,
        is_grave=True,
    )
