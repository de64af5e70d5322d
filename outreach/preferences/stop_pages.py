"""The pages at the list of stops: stop an address, and bring in a list of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.preferences.models import Suppression
from outreach.preferences.person_pages import PersonPages
from outreach.preferences.stop_forms import AddressStopForm, StopListForm
from outreach.preferences.suppress import suppress_addresses
from outreach.preferences.suppression_file import StopList, bring_in, look_at
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.hash_only import by_hash
from outreach.recipients.models import Channel
from outreach.recipients.panels import Link, Viewer

SHOWN = 500


class StopPages(PersonPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.list_view)
        return [path("list/", view, name="outreach_suppression_list"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Stop an address, whoever is reached there, or will be."""
        viewer = Viewer(request, self.admin_site)
        if not viewer.may("add_suppression"):
            raise PermissionDenied
        form = AddressStopForm(sent(request))

        def stop() -> str:
            said = form.cleaned_data
            address = by_hash(Channel.EMAIL, [said["address"]])[said["address"]]
            by = Actor.of(request.user)
            if not suppress_addresses({address: said["note"]}, reason=said["reason"], by=by):
                return _("Messages to %(address)s were stopped for this reason already.") % said
            return _("Nothing is sent to %(address)s any more.") % said

        lines = [
            _("It binds whoever is reached there, now or later, for messages about orders too."),
            _("If we do not know the address, it is kept as a code that cannot be read back."),
        ]
        page = Page(
            title=_("Stop messages to an address"),
            lines=lines,
            button=_("Stop messages"),
            crumbs=_crumbs(viewer),
            model=Suppression,
            is_grave=True,
        )
        return ask(page, form, stop, viewer)

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """Look at a list, then bring it in; the file itself is never kept."""
        viewer = Viewer(request, self.admin_site)
        if not viewer.may("import_suppression"):
            raise PermissionDenied
        form = StopListForm(sent(request), request.FILES if request.method == "POST" else None)
        context: dict[str, Any] = {"form": form, "step": _("Look at it first")}
        if form.is_bound and form.is_valid():
            context |= _take(form, Actor.of(request.user))
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring in a list of addresses to stop"),
            "crumbs": _crumbs(viewer),
            "back": viewer.list_of(Suppression) or viewer.url("index"),
            **context,
        }
        return TemplateResponse(request, "outreach/preferences/stop_list.html", shown)


def _take(form: StopListForm, by: Actor) -> dict[str, Any]:
    file, seen = form.cleaned_data["file"], form.cleaned_data["seen"]
    try:
        data = file.read()
        found = bring_in(file.name, data, by=by, seen=seen) if seen else look_at(file.name, data)
    except OutreachError as error:
        if seen:  # back to the first look
            return {"form": StopListForm(), "lines": [str(error)]}
        form.add_error("file", str(error))
        return {}
    said = {
        "lines": _in_words(found, is_done=bool(seen)),
        "refusals": found.refusals[:SHOWN],
        "more_refusals": max(len(found.refusals) - SHOWN, 0),
    }
    if seen or not found.new:
        return {**said, "form": StopListForm()}
    return {
        **said,
        "form": StopListForm(initial={"seen": found.digest}),
        "step": _("Stop messages to them"),
        "is_second": True,
    }


def _in_words(found: StopList, *, is_done: bool) -> list[str]:
    new, already, refused = found.new, found.already, len(found.refusals)
    would = ngettext("%d address would be stopped.", "%d addresses would be stopped.", new)
    done = ngettext("%d address is stopped now.", "%d addresses are stopped now.", new)
    before = ngettext(
        "%d is stopped by such a list already.", "%d are stopped by such a list already.", already
    )
    bad = ngettext("%d row cannot be taken.", "%d rows cannot be taken.", refused)
    return [(done if is_done else would) % new, before % already, bad % refused]


def _crumbs(viewer: Viewer) -> list[Link]:
    plural = str(Suppression._meta.verbose_name_plural)
    return [Link(plural, viewer.list_of(Suppression))]
