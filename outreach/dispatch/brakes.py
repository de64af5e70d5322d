"""Staff pages that start, hold, go on with and stop the sending of a campaign."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.approvals.in_force import approval_in_force
from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.dispatch import hold
from outreach.dispatch.start import no_approval, start
from outreach.dispatch.steps import MAY_SEND
from outreach.exceptions import Conflict, OutreachError
from outreach.history.actor import Actor
from outreach.ledger.models import Run
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _RunModelAdmin = admin.ModelAdmin[Run]
else:
    _RunModelAdmin = admin.ModelAdmin


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Your colleagues read it in the send log."),
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 80}),
    )


class Brakes(_RunModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:run_id>/hold/", wrap(self.hold_view), name="outreach_run_hold"),
            path("<int:run_id>/go-on/", wrap(self.go_on_view), name="outreach_run_go_on"),
            path("<int:run_id>/stop/", wrap(self.stop_view), name="outreach_run_stop"),
            path(
                "campaign/<int:campaign_id>/send/",
                wrap(self.send_view),
                name="outreach_campaign_send",
            ),
        ]
        return [*own, *super().get_urls()]

    def send_view(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """Begin to send an approved campaign: asked by GET, done by POST alone."""
        if not request.user.has_perm(MAY_SEND):
            raise PermissionDenied
        campaign = get_object_or_404(Campaign, pk=campaign_id)
        viewer = Viewer(request, self.admin_site)
        if request.method != "POST":
            return _ask_to_send(campaign, viewer)
        try:
            run = start(campaign, by=Actor.of(request.user))
        except OutreachError as error:
            messages.error(request, str(error))
            back = viewer.page_of(Campaign, campaign.pk) or viewer.list_of(Run)
            return HttpResponseRedirect(back)
        messages.success(request, _("“%(campaign)s” is being sent.") % {"campaign": campaign})
        return HttpResponseRedirect(viewer.page_of(Run, run.pk))

    def hold_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        viewer, run = self._run(request, run_id)
        form = WhyForm(sent(request))

        def do() -> str:
            if not hold.hold(run, form.cleaned_data["why"], by=Actor.of(request.user)):
                raise Conflict(_("This is not being sent at the moment."))
            return _("Held. Nothing more is taken up until somebody goes on with it.")

        page = Page(
            title=_("Hold"),
            lines=[_("No more messages are taken up. You can go on at any time."), _under_way()],
            button=_("Hold"),
            crumbs=_crumbs_of(run, viewer),
            model=Run,
        )
        return ask(page, form, do, viewer)

    def go_on_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        viewer, run = self._run(request, run_id)

        def do() -> str:
            if not hold.go_on(run, by=Actor.of(request.user)):
                raise Conflict(_("This is not held at the moment."))
            return _("It goes on.")

        page = Page(
            title=_("Go on"),
            lines=[
                _("The messages that are left go out from now on."),
                _("Each person is checked once more before they are written to."),
            ],
            button=_("Go on"),
            crumbs=_crumbs_of(run, viewer),
            model=Run,
        )
        return ask(page, forms.Form(sent(request)), do, viewer)

    def stop_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        viewer, run = self._run(request, run_id)
        form = WhyForm(sent(request))

        def do() -> str:
            hold.stop(run, by=Actor.of(request.user), why=form.cleaned_data["why"])
            return _("Stopped for good.")

        page = Page(
            title=_("Stop for good"),
            lines=[
                _("What is not sent yet never will be, and this cannot be taken back."),
                _under_way(),
            ],
            button=_("Stop for good"),
            crumbs=_crumbs_of(run, viewer),
            model=Run,
            is_grave=True,
        )
        return ask(page, form, do, viewer)

    def _run(self, request: HttpRequest, run_id: int) -> tuple[Viewer, Run]:
        if not request.user.has_perm(MAY_SEND):
            raise PermissionDenied
        run = get_object_or_404(Run.objects.select_related("campaign"), pk=run_id)
        return Viewer(request, self.admin_site), run


def _ask_to_send(campaign: Campaign, viewer: Viewer) -> HttpResponse:
    """How many it goes to; where it cannot be sent now, back to its page with the reason."""
    back = viewer.page_of(Campaign, campaign.pk) or viewer.list_of(Run)
    approval = approval_in_force(campaign)
    if approval is None:
        messages.error(viewer.request, no_approval())
        return HttpResponseRedirect(back)
    people = approval.run.included
    to_so_many = ngettext("%(count)s person", "%(count)s people", people) % {
        "count": number_format(people, force_grouping=True)
    }
    page = Page(
        title=_("Send now"),
        lines=[
            _("“%(campaign)s” goes to %(people)s, signed by %(sender)s.")
            % {"campaign": campaign, "people": to_so_many, "sender": campaign.sender},
            _("Each person is checked once more before they are written to."),
            _("What has gone out cannot be taken back; you can hold the rest at any time."),
        ],
        button=_("Send to %(people)s") % {"people": to_so_many},
        crumbs=[Link(_("Campaigns"), viewer.list_of(Campaign)), Link(str(campaign), back)],
        model=Campaign,
    )
    return ask(page, forms.Form(), str, viewer)


def _under_way() -> str:
    return _("Up to %(count)d messages that are being handed over just now may still go out.") % {
        "count": conf().claim_size
    }


def _crumbs_of(run: Run, viewer: Viewer) -> list[Link]:
    return [
        Link(_("Send log"), viewer.list_of(Run)),
        Link(str(run.campaign), viewer.page_of(Run, run.pk)),
    ]
