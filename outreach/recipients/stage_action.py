"""The action by which staff say how well we know people: with a reason, which is kept (A4, A8)."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.history.actor import Actor
from outreach.recipients.ask_first import Page, ask
from outreach.recipients.models import Recipient, Stage
from outreach.recipients.panels import Link, Viewer
from outreach.recipients.stages import move_by_hand

if TYPE_CHECKING:
    _RecipientModelAdmin = admin.ModelAdmin[Recipient]
else:
    _RecipientModelAdmin = admin.ModelAdmin

PERMISSION = "move_stage"


class StageForm(forms.Form):
    stage = forms.ChoiceField(
        label=gettext_lazy("They are"), choices=[("", "---------"), *Stage.choices]
    )
    reason = forms.CharField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy(
            "As in “talked with us at the fair in Alba on 3 May”. It is kept with your name, and "
            "they can read it among what we hold of them."
        ),
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )


@admin.action(description=gettext_lazy("Say how well we know them…"), permissions=["move_stage"])
def move_stage(
    model_admin: _RecipientModelAdmin, request: HttpRequest, queryset: QuerySet[Recipient]
) -> HttpResponse:
    """Ask which stage and why, then move whoever is elsewhere."""
    viewer = Viewer(request, model_admin.admin_site)
    if not viewer.may(PERMISSION):
        raise PermissionDenied
    form = StageForm(request.POST if "reason" in request.POST else None)
    return ask(
        _page(request, queryset.count(), viewer),
        form,
        lambda: _move(queryset, form, request),
        viewer,
    )


def _page(request: HttpRequest, count: int, viewer: Viewer) -> Page:
    ticked = ngettext("%(count)d person is ticked.", "%(count)d people are ticked.", count)
    return Page(
        title=_("How well we know them"),
        lines=[
            ticked % {"count": count},
            _(
                "An order, an answer and a wish move people by themselves. By hand it takes a "
                "reason: trust is earned, and who is moved may get what strangers do not."
            ),
        ],
        button=_("Keep it so"),
        crumbs=[Link(str(Recipient._meta.verbose_name_plural), viewer.list_of(Recipient))],
        model=Recipient,
        hidden=[
            ("action", "move_stage"),
            ("select_across", request.POST.get("select_across", "0")),
            *((ACTION_CHECKBOX_NAME, key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)),
        ],
    )


def _move(people: QuerySet[Recipient], form: forms.Form, request: HttpRequest) -> str:
    stage = Stage(form.cleaned_data["stage"])
    moved = move_by_hand(people, stage, by=Actor.of(request.user), why=form.cleaned_data["reason"])
    text = ngettext(
        "Kept: %(count)d person is now “%(stage)s”.",
        "Kept: %(count)d people are now “%(stage)s”.",
        moved,
    )
    if not moved:
        text = _("All of them are “%(stage)s” already; nothing is changed.")
    return text % {"count": moved, "stage": stage.label}
