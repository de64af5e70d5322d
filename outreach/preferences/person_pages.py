"""What staff do for one person: record what they said, stop, lift, begin and end a break."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.history.actor import Actor
from outreach.preferences.choices import paused_until
from outreach.preferences.forms import BreakForm, LiftForm, StopForm, ToldForm
from outreach.preferences.models import Suppression
from outreach.preferences.panels import what_it_binds
from outreach.preferences.pause import pause, resume
from outreach.preferences.suppress import lift, suppress
from outreach.preferences.told import first_addresses, write_down
from outreach.preferences.wording import BEFORE_LIFTING
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.models import Address, Channel, Recipient
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _SuppressionModelAdmin = admin.ModelAdmin[Suppression]
else:
    _SuppressionModelAdmin = admin.ModelAdmin


class PersonPages(_SuppressionModelAdmin):
    """Hangs at the stops; the links to it are on the page of the person."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        person = "person/<int:recipient_id>"
        own = [
            path(f"{person}/told/", wrap(self.told_view), name="outreach_recipient_told"),
            path(f"{person}/stop/", wrap(self.stop_view), name="outreach_recipient_stop"),
            path(f"{person}/break/", wrap(self.break_view), name="outreach_recipient_break"),
            path(
                f"{person}/end-break/",
                wrap(self.end_break_view),
                name="outreach_recipient_end_break",
            ),
            path(
                "<int:suppression_id>/lift/", wrap(self.lift_view), name="outreach_suppression_lift"
            ),
        ]
        return [*own, *super().get_urls()]

    def told_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Write down what a person said about some topics (B7)."""
        viewer = Viewer(request, self.admin_site)
        recipient = _person(viewer, recipient_id, "add_consentrecord")
        form = ToldForm(sent(request), recipient=recipient)

        def write() -> str:
            said = form.cleaned_data
            write_down(
                recipient,
                said["topics"],
                is_wanted=said["direction"] == ToldForm.FOR,
                channels=said["channels"],
                source=said["source"],
                by=Actor.of(request.user),
                wording=said["wording"],
                note=said["note"],
            )
            return _("Kept: what %(person)s told us counts from now on.") % {"person": recipient}

        page = Page(
            title=_("Record what they told us"),
            lines=[_("It counts at once. They can see it, and change it, on their own page.")],
            button=_("Keep it"),
            crumbs=_crumbs_of(recipient, viewer),
            model=Recipient,
        )
        return ask(page, form, write, viewer)

    def stop_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Stop every message to a person, and to the address they are written to."""
        viewer = Viewer(request, self.admin_site)
        recipient = _person(viewer, recipient_id, "add_suppression")
        address = first_addresses(recipient).get(Channel.EMAIL)
        form = StopForm(sent(request))

        def stop() -> str:
            made = suppress(
                reason=Suppression.Reason.MANUAL,
                by=Actor.of(request.user),
                recipient=recipient,
                address=address,
                note=form.cleaned_data["note"],
            )
            if made is None:
                return _("Messages to %(person)s were stopped already.") % {"person": recipient}
            return _("Nothing is sent to %(person)s from now on.") % {"person": recipient}

        page = Page(
            title=_("Stop all messages"),
            lines=_what_stops(recipient, address),
            button=_("Stop all messages"),
            crumbs=_crumbs_of(recipient, viewer),
            model=Recipient,
            is_grave=True,
        )
        return ask(page, form, stop, viewer)

    def break_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Begin a break, or move the end of the one under way."""
        viewer = Viewer(request, self.admin_site)
        recipient = _person(viewer, recipient_id, "add_pause")
        form = BreakForm(sent(request))

        def begin() -> str:
            until = form.ends_at()
            how = form.cleaned_data["source"]
            pause(recipient, until=until, source=how, by=Actor.of(request.user))
            return _("%(person)s takes a break until %(date)s.") % {
                "person": recipient,
                "date": date_format(localtime(until)),
            }

        page = Page(
            title=_("Begin a break"),
            lines=[
                _("Until it ends they get nothing but what belongs to an order or an appointment.")
            ],
            button=_("Begin the break"),
            crumbs=_crumbs_of(recipient, viewer),
            model=Recipient,
        )
        return ask(page, form, begin, viewer)

    def end_break_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        viewer = Viewer(request, self.admin_site)
        recipient = _person(viewer, recipient_id, "change_pause")
        until = paused_until(recipient)

        def end() -> str:
            resume(recipient, by=Actor.of(request.user))
            return _("%(person)s is not taking a break any more.") % {"person": recipient}

        line = _("There is no break under way.")
        if until is not None:
            line = _("The break lasts until %(date)s. End it only if they asked you to.") % {
                "date": date_format(localtime(until))
            }
        page = Page(
            title=_("End the break"),
            lines=[line],
            button=_("End the break"),
            crumbs=_crumbs_of(recipient, viewer),
            model=Recipient,
        )
        return ask(page, forms.Form(sent(request)), end, viewer)

    def lift_view(self, request: HttpRequest, suppression_id: int) -> HttpResponse:
        """Take a stop back, with the reason on record."""
        viewer = Viewer(request, self.admin_site)
        if not viewer.may("change_suppression"):
            raise PermissionDenied
        stops = Suppression.objects.select_related("recipient", "address")
        stop = get_object_or_404(stops, pk=suppression_id, reason__in=BEFORE_LIFTING)
        form = LiftForm(sent(request))

        def take_back() -> str:
            lift(stop, by=Actor.of(request.user), why=form.cleaned_data["why"])
            return _("The stop is lifted.")

        page = Page(
            title=_("Lift this stop"),
            lines=_what_is_lifted(stop),
            button=_("Lift the stop"),
            crumbs=_crumbs_of(stop.recipient, viewer),
            model=Recipient if stop.recipient else Suppression,
        )
        return ask(page, form, take_back, viewer)


def _person(viewer: Viewer, recipient_id: int, permission: str) -> Recipient:
    """The person, for a user who may see people and do this for them."""
    if not (viewer.may(permission) and viewer.may("view_recipient", "change_recipient")):
        raise PermissionDenied
    return get_object_or_404(Recipient, pk=recipient_id, erased_at__isnull=True)


def _crumbs_of(recipient: Recipient | None, viewer: Viewer) -> list[Link]:
    """The way to a person's page, or to the list of stops where none is bound."""
    if recipient is None:
        return [Link(str(Suppression._meta.verbose_name_plural), viewer.list_of(Suppression))]
    return [
        Link(str(Recipient._meta.verbose_name_plural), viewer.list_of(Recipient)),
        Link(str(recipient), viewer.page_of(Recipient, recipient.pk)),
    ]


def _what_stops(recipient: Recipient, address: Address | None) -> list[str]:
    lines = [
        _(
            "Nothing more is sent to %(person)s, not even what belongs to an order, until somebody "
            "lifts the stop."
        )
        % {"person": recipient}
    ]
    if address:
        text = _("Nothing is sent to %(address)s either, whoever else is reached there.")
        lines.append(text % {"address": address})
    return lines


def _what_is_lifted(stop: Suppression) -> list[str]:
    said = {"who": what_it_binds(stop), "why": stop.get_reason_display(), "note": stop.note}
    lines = [_("Stopped: %(who)s (%(why)s).") % said]
    if stop.note:
        lines.append(_("Note: %(note)s") % said)
    return [*lines, str(BEFORE_LIFTING[stop.reason])]
