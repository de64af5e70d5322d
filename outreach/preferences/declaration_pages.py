"""The pages at a declaration: its people, a file, and each step from a draft to a decision."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.preferences.declaration import (
    accept,
    empty,
    own_part,
    refuse,
    stop,
    submit,
    take_back,
    version_of,
)
from outreach.preferences.declaration_figures import in_words, lines_of, title_of
from outreach.preferences.declaration_file import Taken, take_file
from outreach.preferences.declaration_forms import DecideForm, FileForm
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.declaration_outcomes import BECOMES, with_outcome
from outreach.preferences.declared import Outcome, State
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _DeclarationModelAdmin = admin.ModelAdmin[InterestDeclaration]
else:
    _DeclarationModelAdmin = admin.ModelAdmin

PEOPLE_A_PAGE = 100
SHOWN = 500
NAME = "outreach_interestdeclaration"
MAKE = ("add_interestdeclaration", "change_interestdeclaration")
ACCEPT = ("accept_interestdeclaration",)
SEE = ("view_interestdeclaration", *MAKE, *ACCEPT)
SEE_PEOPLE = ("view_recipient", "change_recipient")


class DeclarationPages(_DeclarationModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        views = {
            "people": self.people_view,
            "file": self.file_view,
            "empty": self.empty_view,
            "submit": self.submit_view,
            "take_back": self.take_back_view,
            "decide": self.decide_view,
            "stop": self.stop_view,
        }
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:key>/{name.replace('_', '-')}/", wrap(view), name=f"{NAME}_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def people_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """The people behind one figure, with what becomes of each."""
        viewer = self._viewer(request, *SEE)
        if not viewer.may(*SEE_PEOPLE):
            raise PermissionDenied
        declaration = _declaration(key)
        which = request.GET.get("which", "")
        rows = with_outcome(declaration)
        if which in Outcome.values:
            rows = rows.filter(**{BECOMES: which})
        held = RecipientAddress.objects.filter(channel=declaration.channel)
        rows = (
            rows.select_related("recipient", "address")
            .prefetch_related(
                Prefetch("recipient__held", held.select_related("address").order_by("position"))
            )
            .order_by("recipient__name", "pk")
        )
        page = Paginator(rows, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
        shown = [
            (
                row,
                in_words(declaration, getattr(row, BECOMES)),
                viewer.page_of(Recipient, row.recipient_id),
            )
            for row in page
        ]
        context = {"page": page, "shown": shown, "which": which}
        return self._page(viewer, declaration, "people.html", title_of(declaration, which), context)

    def file_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Put people of a file into a draft; what was not taken is shown, and not kept."""
        viewer = self._viewer(request, *MAKE)
        declaration = _declaration(key)
        if not viewer.may(*SEE_PEOPLE):
            raise PermissionDenied
        form = FileForm(sent(request), request.FILES if request.method == "POST" else None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            by = Actor.of(request.user)
            try:
                taken = take_file(declaration, file.name, file.read(), by=by)
            except Refused as refused:
                form.add_error("file", str(refused))
            else:
                context |= _what_came_of(taken)
        title = _("Add people from a file")
        return self._page(viewer, declaration, "file.html", title, context)

    def empty_view(self, request: HttpRequest, key: int) -> HttpResponse:
        viewer = self._viewer(request, *MAKE)
        declaration = _declaration(key)

        def take_out() -> str:
            removed = empty(declaration, by=Actor.of(request.user))
            return ngettext(
                "%(count)d person is taken out.", "%(count)d people are taken out.", removed
            ) % {"count": removed}

        lines = [_("The declaration stays as it is, with nobody in it; then begin anew.")]
        title = _("Take everybody out")
        return self._ask(viewer, declaration, title, lines, take_out, is_grave=True)

    def submit_view(self, request: HttpRequest, key: int) -> HttpResponse:
        viewer = self._viewer(request, *MAKE)
        declaration = _declaration(key)

        def put_forward() -> str:
            submit(declaration, by=Actor.of(request.user))
            return _("Submitted. Now another person looks at it.")

        lines = [
            *(f"{line.count}: {line.words}" for line in lines_of(declaration, viewer)),
            _("Nothing is recorded until a second person has accepted it."),
        ]
        return self._ask(viewer, declaration, _("Submit"), lines, put_forward)

    def take_back_view(self, request: HttpRequest, key: int) -> HttpResponse:
        viewer = self._viewer(request, *MAKE)
        declaration = _declaration(key)

        def back() -> str:
            take_back(declaration, by=Actor.of(request.user))
            return _("It is a draft again.")

        lines = [_("It becomes a draft again, and has to be submitted again.")]
        return self._ask(viewer, declaration, _("Take it back"), lines, back)

    def decide_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """A second person's word: accept or refuse."""
        viewer = self._viewer(request, *ACCEPT)
        declaration = _declaration(key)
        by = Actor.of(request.user)
        form = DecideForm(sent(request), initial={"seen": version_of(declaration)})

        def decide() -> str:
            said = form.cleaned_data
            if said["verdict"] == DecideForm.ACCEPT:
                accept(declaration, by=by, seen=said["seen"], comment=said["comment"])
                return _("Accepted. The people are being recorded now.")
            refuse(declaration, by=by, seen=said["seen"], comment=said["comment"])
            return _("Refused. Nobody is recorded.")

        if own := own_part(declaration, by):
            lines = [own]
        elif declaration.state != State.SUBMITTED:
            lines = [_("Nothing is left to decide here.")]
        else:
            figures = (f"{line.count}: {line.words}" for line in lines_of(declaration, viewer))
            lines = [*_to_weigh(declaration), *figures]
        return self._ask(viewer, declaration, _("Accept or refuse"), lines, decide, form=form)

    def stop_view(self, request: HttpRequest, key: int) -> HttpResponse:
        viewer = self._viewer(request, *ACCEPT)
        declaration = _declaration(key)

        def end() -> str:
            stop(declaration, by=Actor.of(request.user))
            return _("Nobody else of it is recorded.")

        lines = [_("Who is recorded stays so. The others are not recorded, and it ends here.")]
        title = _("Stop recording")
        return self._ask(viewer, declaration, title, lines, end, is_grave=True)

    def _viewer(self, request: HttpRequest, *permissions: str) -> Viewer:
        viewer = Viewer(request, self.admin_site)
        if not viewer.may(*permissions):
            raise PermissionDenied
        return viewer

    def _ask(
        self,
        viewer: Viewer,
        declaration: InterestDeclaration,
        title: str,
        lines: list[str],
        do: Any,
        *,
        form: forms.Form | None = None,
        is_grave: bool = False,
    ) -> HttpResponse:
        page = Page(
            title=title,
            lines=lines,
            button=title,
            crumbs=_crumbs(declaration, viewer),
            model=InterestDeclaration,
            is_grave=is_grave,
        )
        return ask(page, form or forms.Form(sent(viewer.request)), do, viewer)

    def _page(
        self,
        viewer: Viewer,
        declaration: InterestDeclaration,
        template: str,
        title: str,
        context: dict[str, Any],
    ) -> TemplateResponse:
        viewer.request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(viewer.request),
            "opts": self.opts,
            "title": title,
            "declaration": declaration,
            "crumbs": _crumbs(declaration, viewer),
            "back": viewer.url(f"{NAME}_change", declaration.pk),
            **context,
        }
        return TemplateResponse(viewer.request, f"outreach/preferences/{template}", shown)


def _declaration(key: int) -> InterestDeclaration:
    return get_object_or_404(InterestDeclaration.objects.select_related("topic"), pk=key)


def _crumbs(declaration: InterestDeclaration, viewer: Viewer) -> list[Link]:
    plural = str(InterestDeclaration._meta.verbose_name_plural)
    return [
        Link(plural, viewer.list_of(InterestDeclaration)),
        Link(str(declaration), viewer.page_of(InterestDeclaration, declaration.pk)),
    ]


def _to_weigh(declaration: InterestDeclaration) -> list[str]:
    """What the second person reads, in the order in which one would ask."""
    said = {
        _("Interested in"): declaration.topic,
        _("Because"): declaration.basis,
        _("Given"): f"{declaration.get_given_display()}: {declaration.given_note}",
        _("Words"): declaration.wording,
        _("Proof"): declaration.evidence,
        _("Made by"): declaration.made_by,
    }
    return [f"{label}: {words}" for label, words in said.items()]


def _what_came_of(taken: Taken) -> dict[str, Any]:
    return {
        "taken": taken,
        "refusals": taken.refusals[:SHOWN],
        "strangers": taken.strangers[:SHOWN],
        "more_refusals": max(len(taken.refusals) - SHOWN, 0),
        "more_strangers": max(len(taken.strangers) - SHOWN, 0),
    }
