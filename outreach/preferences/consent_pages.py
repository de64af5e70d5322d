"""The page on which a file of consents becomes drafts of declarations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.history.actor import Actor
from outreach.preferences.consent_file import Brought, bring_consents
from outreach.preferences.declaration_forms import ConsentFileForm
from outreach.preferences.declaration_models import InterestDeclaration
from outreach.preferences.declaration_pages import MAKE, NAME, SEE_PEOPLE, SHOWN, DeclarationPages
from outreach.recipients.ask_first import fieldsets_of, sent
from outreach.recipients.panels import Link, Viewer


def may_bring(viewer: Viewer) -> bool:
    return viewer.may(*MAKE) and viewer.may(*SEE_PEOPLE)


class ConsentPages(DeclarationPages):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.bring_view)
        return [path("bring/", view, name=f"{NAME}_bring"), *super().get_urls()]

    def bring_view(self, request: HttpRequest) -> HttpResponse:
        viewer = Viewer(request, self.admin_site)
        if not may_bring(viewer):
            raise PermissionDenied
        form = ConsentFileForm(sent(request), request.FILES if request.method == "POST" else None)
        context: dict[str, Any] = {}
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            by = Actor.of(request.user)
            try:
                brought = bring_consents(form.instance, file.name, file.read(), by=by)
            except Refused as refused:
                form.add_error("file", str(refused))
            else:
                context = _what_came_of(brought, viewer)
        request.current_app = self.admin_site.name
        plural = str(InterestDeclaration._meta.verbose_name_plural)
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Bring in consents from a file"),
            "crumbs": [Link(plural, viewer.list_of(InterestDeclaration))],
            "back": viewer.list_of(InterestDeclaration),
            "form": form,
            "fieldsets": fieldsets_of(form),
            **context,
        }
        return TemplateResponse(request, "outreach/preferences/consents.html", shown)


def _what_came_of(brought: Brought, viewer: Viewer) -> dict[str, Any]:
    return {
        "brought": brought,
        "drafts": [
            (draft, taken, viewer.page_of(InterestDeclaration, draft.pk))
            for draft, taken in brought.drafts
        ],
        "refusals": brought.refusals[:SHOWN],
        "strangers": brought.strangers[:SHOWN],
        "more_refusals": max(len(brought.refusals) - SHOWN, 0),
        "more_strangers": max(len(brought.strangers) - SHOWN, 0),
    }
