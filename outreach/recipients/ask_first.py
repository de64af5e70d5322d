"""A staff page that asks before something is done: shown by GET, done by POST alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import AdminForm
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from outreach.exceptions import OutreachError
from outreach.recipients.panels import Link, Text, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is asked. `crumbs` lead to the page, the last one is where it goes back to.

    `hidden` are names and values to be sent along, as of the rows that an action is for.
    """

    title: Text
    lines: Sequence[Text]
    button: Text
    crumbs: Sequence[Link]
    model: type[Model]
    is_grave: bool = False
    hidden: Sequence[tuple[str, str]] = ()


def sent(request: HttpRequest) -> Any:
    """What to bind a form to: nothing, unless it was sent."""
    return request.POST if request.method == "POST" else None


def ask(page: Page, form: forms.Form, do: Callable[[], str], viewer: Viewer) -> HttpResponse:
    """Show the page; once the form comes back complete, `do` it, which returns what to say."""
    request, site = viewer.request, viewer.site
    back = page.crumbs[-1].url or viewer.url("index")
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, do())
        except OutreachError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(back)
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "opts": page.model._meta,
        "title": page.title,
        "lines": page.lines,
        "button": page.button,
        "crumbs": page.crumbs,
        "is_grave": page.is_grave,
        "hidden": page.hidden,
        "form": form,
        "fieldsets": fieldsets_of(form),
        "back": back,
    }
    return TemplateResponse(request, "admin/outreach/recipient/act.html", context)


def fieldsets_of(form: Any) -> Any:
    """The rows of a form as the admin shows its own; `AdminForm` takes any form."""
    fields = list(form.fields)
    return AdminForm(form, [(None, {"fields": fields})], {}) if fields else ()
