"""Why is this person in a group, or not? Asked from the group, and from the person (B3)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from outreach.groups.belonging import MOST_GROUPS, standings_in
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_of
from outreach.groups.explain import explain
from outreach.groups.member_pages import TEMPLATES, MemberPages, may_see_people
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.people_page import page_of
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Viewer

NAME = "outreach_contactgroup_why"


class WhyPages(MemberPages):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("of/<int:recipient_id>/", wrap(self.groups_of_view), name=f"{NAME}_groups"),
            path("<path:object_id>/why/", wrap(self.ask_why_view), name=f"{NAME}_ask"),
            path("<path:object_id>/why/<int:recipient_id>/", wrap(self.why_view), name=NAME),
        ]
        return [*own, *super().get_urls()]

    def ask_why_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Search for anybody, in the group or not, to ask about."""
        group = self._group(request, object_id)
        listed = page_of(people_of(group.tenant), request, group=group)
        context: dict[str, Any] = {
            "title": _("Why is somebody in “%(group)s”, or not?") % {"group": group},
            "listed": listed if listed.q else None,
            "search": listed.search,
        }
        try:
            shown = [person.recipient.pk for person in listed.people]
            inside = members_of(group).filter(pk__in=shown) if listed.q else []
            context["inside"] = {person.pk for person in inside}
        except BrokenRule as broken:
            context["broken"] = str(broken)
        return self._page(request, group, "ask_why.html", context)

    def why_view(self, request: HttpRequest, object_id: str, recipient_id: int) -> HttpResponse:
        """Why a person is in the group, or not: condition by condition."""
        group = self._group(request, object_id)
        recipient = _person(recipient_id, tenant=group.tenant)
        viewer = Viewer(request, self.admin_site)
        context: dict[str, Any] = {
            "recipient": recipient,
            "person_url": viewer.page_of(Recipient, recipient.pk),
        }
        try:
            context["explanation"] = explanation = explain(group, recipient)
            is_member = explanation.is_member
        except BrokenRule as broken:
            is_member, context["broken"] = False, str(broken)
        words = {"person": recipient, "group": group}
        context["title"] = (
            _("Why %(person)s is in “%(group)s”") % words
            if is_member
            else _("Why %(person)s is not in “%(group)s”") % words
        )
        return self._page(request, group, "why.html", context)

    def groups_of_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Every group, and whether a person is in it, each with its reason."""
        if not (self.has_view_permission(request) and may_see_people(request)):
            raise PermissionDenied
        recipient = _person(recipient_id)
        groups = ContactGroup.objects.filter(tenant=recipient.tenant).order_by("name")
        listed = list(groups[: MOST_GROUPS + 1])
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Groups of %(person)s") % {"person": recipient},
            "recipient": recipient,
            "person_url": Viewer(request, self.admin_site).page_of(Recipient, recipient.pk),
            "standings": standings_in(recipient, listed[:MOST_GROUPS]),
            "has_more": len(listed) > MOST_GROUPS,
        }
        return TemplateResponse(request, f"{TEMPLATES}/groups_of.html", context)


def _person(recipient_id: int, **fields: Any) -> Recipient:
    if len(str(recipient_id)) > 18:
        raise Http404
    return get_object_or_404(Recipient, pk=recipient_id, **fields)
