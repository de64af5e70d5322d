"""For staff: let somebody into a group again who had said that they do not belong there."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.groups.exclude import take_back
from outreach.groups.member_pages import may_see_people
from outreach.groups.models import ContactGroup, GroupExclusion
from outreach.history.actor import Actor
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _GroupModelAdmin = admin.ModelAdmin[ContactGroup]
else:
    _GroupModelAdmin = admin.ModelAdmin


class ExclusionPages(_GroupModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/belongs/<int:recipient_id>/",
            self.admin_site.admin_view(self.belongs_view),
            name="outreach_contactgroup_belongs",
        )
        return [own, *super().get_urls()]

    def belongs_view(self, request: HttpRequest, object_id: str, recipient_id: int) -> HttpResponse:
        """Take back what somebody told us, once they have told us otherwise (D4)."""
        group = self.get_object(request, unquote(object_id))
        if not (self.has_change_permission(request, group) and may_see_people(request)):
            raise PermissionDenied
        if group is None or len(str(recipient_id)) > 18:
            raise Http404
        rows = GroupExclusion.objects.select_related("recipient", "group")
        said_no = get_object_or_404(rows, group=group, recipient=recipient_id)
        viewer = Viewer(request, self.admin_site)

        def let_in() -> str:
            take_back(said_no.group, said_no.recipient, by=Actor.of(request.user))
            words = {"person": said_no.recipient, "group": said_no.group}
            return _("%(person)s may be in “%(group)s” again.") % words

        page = Page(
            title=_("They belong here after all"),
            lines=_what_was_said(said_no),
            button=_("Let them in again"),
            crumbs=[
                Link(str(ContactGroup._meta.verbose_name_plural), viewer.list_of(ContactGroup)),
                Link(str(said_no.group), viewer.url("outreach_contactgroup_members", object_id)),
            ],
            model=ContactGroup,
        )
        return ask(page, forms.Form(sent(request)), let_in, viewer)


def _what_was_said(said_no: GroupExclusion) -> list[str]:
    words = {
        "person": said_no.recipient,
        "group": said_no.group,
        "date": date_format(localtime(said_no.since_at)),
        "said": said_no.said,
    }
    lines = [_("On %(date)s %(person)s told us not to belong in “%(group)s”.") % words]
    if said_no.said:
        lines.append(_("In their words: “%(said)s”") % words)
    return [*lines, _("Let them in again only if they have told you so.")]
