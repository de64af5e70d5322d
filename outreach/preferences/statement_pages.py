"""What staff do with what people say in their own words: write it down, read it, take it back."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from outreach.history.actor import Actor
from outreach.preferences.statement_forms import SayForm, TieForm
from outreach.preferences.statements import say, take_back, tie
from outreach.preferences.wish_models import Statement
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _StatementModelAdmin = admin.ModelAdmin[Statement]
else:
    _StatementModelAdmin = admin.ModelAdmin


class StatementPages(_StatementModelAdmin):
    """The links to these pages are on the page of the person, and at each statement."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        one = "<int:statement_id>"
        own = [
            path(
                "person/<int:recipient_id>/say/",
                wrap(self.say_view),
                name="outreach_recipient_say",
            ),
            path(f"{one}/about/", wrap(self.tie_view), name="outreach_statement_tie"),
            path(
                f"{one}/take-back/",
                wrap(self.take_back_view),
                name="outreach_statement_take_back",
            ),
        ]
        return [*own, *super().get_urls()]

    def say_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Write down what somebody said on the telephone, or at the counter (D2)."""
        viewer = Viewer(request, self.admin_site)
        if not (viewer.may("add_statement") and viewer.may("view_recipient", "change_recipient")):
            raise PermissionDenied
        recipient = get_object_or_404(Recipient, pk=recipient_id, erased_at__isnull=True)
        form = SayForm(sent(request))

        def write() -> str:
            said = form.cleaned_data
            say(recipient, said["text"], source=said["source"], by=Actor.of(request.user))
            return _("Kept. It binds once somebody says what it is about.")

        page = Page(
            title=_("Write down what they said"),
            lines=[_("They see it on their own page, and can take it back there.")],
            button=_("Keep it"),
            crumbs=_way_to(recipient, viewer),
            model=Recipient,
        )
        return ask(page, form, write, viewer)

    def tie_view(self, request: HttpRequest, statement_id: int) -> HttpResponse:
        """Say which topics a statement is for, and which it is against."""
        viewer, statement = self._statement(request, statement_id)
        form = TieForm(sent(request), statement=statement)

        def keep() -> str:
            read = form.cleaned_data
            refused = tie(
                statement,
                wanted=read["wanted"],
                unwanted=read["unwanted"],
                channels=read["channels"],
                by=Actor.of(request.user),
            )
            if refused:
                names = get_text_list([str(topic) for topic in refused], _("and"))
                return _(
                    "Kept as read. They have refused %(topics)s since they said it, so that stays."
                ) % {"topics": names}
            return _("Kept: what %(person)s told us counts from now on.") % {
                "person": statement.recipient
            }

        page = Page(
            title=_("What is this about?"),
            lines=[f"“{statement.text}”", _("If it is about no topic, tick nothing: it is read.")],
            button=_("Keep it"),
            crumbs=_way_to(statement.recipient, viewer),
            model=Statement,
        )
        return ask(page, form, keep, viewer)

    def take_back_view(self, request: HttpRequest, statement_id: int) -> HttpResponse:
        """Take a statement back for somebody who asked for that."""
        viewer, statement = self._statement(request, statement_id)

        def end() -> str:
            if take_back(statement, by=Actor.of(request.user)):
                return _("Taken back. It does not count any more.")
            return _("It was taken back already.")

        page = Page(
            title=_("Take it back for them"),
            lines=[
                f"“{statement.text}”",
                _("It counts no more, nor does a wish that rests on it. Do it if they asked you."),
            ],
            button=_("Take it back"),
            crumbs=_way_to(statement.recipient, viewer),
            model=Statement,
        )
        return ask(page, forms.Form(sent(request)), end, viewer)

    def _statement(self, request: HttpRequest, statement_id: int) -> tuple[Viewer, Statement]:
        """A statement in force, for a user who may say what it means."""
        viewer = Viewer(request, self.admin_site)
        if not viewer.may("change_statement"):
            raise PermissionDenied
        live = Statement.objects.select_related("recipient").filter(
            taken_back_at__isnull=True, recipient__erased_at__isnull=True
        )
        return viewer, get_object_or_404(live, pk=statement_id)


def _way_to(recipient: Recipient, viewer: Viewer) -> list[Link]:
    people = Link(str(Recipient._meta.verbose_name_plural), viewer.list_of(Recipient))
    if page := viewer.page_of(Recipient, recipient.pk):
        return [people, Link(str(recipient), page)]
    statements = viewer.list_of(Statement)
    return [Link(str(Statement._meta.verbose_name_plural), statements)]
