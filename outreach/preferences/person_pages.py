"""What staff write down for one person: a form to confirm, and nothing changed before POST."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.exceptions import OutreachError
from outreach.history.actor import Actor
from outreach.preferences.choices import paused_until
from outreach.preferences.forms import BreakForm, LiftForm, StopForm, ToldForm
from outreach.preferences.models import Suppression
from outreach.preferences.panels import what_it_binds
from outreach.preferences.pause import pause, resume
from outreach.preferences.suppress import lift, suppress
from outreach.preferences.told import first_addresses, write_down
from outreach.preferences.wording import BEFORE_LIFTING
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.panels import Link, Viewer

if TYPE_CHECKING:
    _SuppressionModelAdmin = admin.ModelAdmin[Suppression]
else:
    _SuppressionModelAdmin = admin.ModelAdmin

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that asks before something is done. `crumbs` lead to it, the last one back."""

    title: Text
    lines: Sequence[Text]
    button: Text
    crumbs: Sequence[Link]
    is_grave: bool = False


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
        recipient = self._person(request, recipient_id, "add_consentrecord")
        form = ToldForm(_sent(request), recipient=recipient)

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
            lines=[_("It binds at once, and they can see and change it on their own page.")],
            button=_("Keep it"),
            crumbs=self._crumbs_of(request, recipient),
        )
        return self._ask(request, page, form, write)

    def stop_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Stop every message to a person, and to the address they are written to."""
        recipient = self._person(request, recipient_id, "add_suppression")
        address = first_addresses(recipient).get(Channel.EMAIL)
        form = StopForm(_sent(request))

        def stop() -> str:
            is_new = suppress(
                reason=Suppression.Reason.MANUAL,
                by=Actor.of(request.user),
                recipient=recipient,
                address=address,
                note=form.cleaned_data["note"],
            )
            if is_new is None:
                return _("Messages to %(person)s were stopped already.") % {"person": recipient}
            return _("Nothing is sent to %(person)s from now on.") % {"person": recipient}

        words = {"person": recipient, "address": address}
        page = Page(
            title=_("Stop all messages"),
            lines=[
                _(
                    "Nothing more is sent to %(person)s, not even what belongs to an order, until "
                    "somebody lifts the stop."
                )
                % words,
                *(
                    [_("It also stops %(address)s, whoever is reached there.") % words]
                    if address
                    else []
                ),
            ],
            button=_("Stop all messages"),
            crumbs=self._crumbs_of(request, recipient),
            is_grave=True,
        )
        return self._ask(request, page, form, stop)

    def break_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        """Begin a break, or move the end of the one under way."""
        recipient = self._person(request, recipient_id, "add_pause")
        form = BreakForm(_sent(request))

        def begin() -> str:
            until = form.ends_at()
            pause(
                recipient,
                until=until,
                source=form.cleaned_data["source"],
                by=Actor.of(request.user),
            )
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
            crumbs=self._crumbs_of(request, recipient),
        )
        return self._ask(request, page, form, begin)

    def end_break_view(self, request: HttpRequest, recipient_id: int) -> HttpResponse:
        recipient = self._person(request, recipient_id, "change_pause")
        until = paused_until(recipient)

        def end() -> str:
            resume(recipient, by=Actor.of(request.user))
            return _("The break of %(person)s is over.") % {"person": recipient}

        line = _("There is no break under way.")
        if until is not None:
            line = _("The break lasts until %(date)s. End it only if they asked you to.") % {
                "date": date_format(localtime(until))
            }
        page = Page(
            title=_("End the break"),
            lines=[line],
            button=_("End the break"),
            crumbs=self._crumbs_of(request, recipient),
        )
        return self._ask(request, page, forms.Form(_sent(request)), end)

    def lift_view(self, request: HttpRequest, suppression_id: int) -> HttpResponse:
        """Take a stop back, with the reason on record."""
        if not Viewer(request, self.admin_site).may("change_suppression"):
            raise PermissionDenied
        stops = Suppression.objects.select_related("recipient", "address")
        stop = get_object_or_404(stops, pk=suppression_id, reason__in=BEFORE_LIFTING)
        form = LiftForm(_sent(request))

        def take_back() -> str:
            lift(stop, by=Actor.of(request.user), why=form.cleaned_data["why"])
            return _("Lifted. What they asked for is sent to them again.")

        said = {"who": what_it_binds(stop), "why": stop.get_reason_display()}
        page = Page(
            title=_("Lift this stop"),
            lines=[
                _("Stopped: %(who)s (%(why)s).") % said,
                *([_("Note: %(note)s") % {"note": stop.note}] if stop.note else []),
                BEFORE_LIFTING[stop.reason],
            ],
            button=_("Lift the stop"),
            crumbs=self._crumbs_of(request, stop.recipient),
        )
        return self._ask(request, page, form, take_back)

    def _person(self, request: HttpRequest, recipient_id: int, permission: str) -> Recipient:
        """The person, for a user who may see people and do this to them."""
        viewer = Viewer(request, self.admin_site)
        if not (viewer.may(permission) and viewer.may("view_recipient", "change_recipient")):
            raise PermissionDenied
        return get_object_or_404(Recipient, pk=recipient_id, erased_at__isnull=True)

    def _crumbs_of(self, request: HttpRequest, recipient: Recipient | None) -> list[Link]:
        viewer = Viewer(request, self.admin_site)
        if recipient is None:
            return [Link(self.opts.verbose_name_plural, viewer.list_of(Suppression))]
        return [
            Link(Recipient._meta.verbose_name_plural, viewer.list_of(Recipient)),
            Link(str(recipient), viewer.page_of(Recipient, recipient.pk)),
        ]

    def _ask(
        self, request: HttpRequest, page: Page, form: forms.Form, do: Callable[[], str]
    ) -> HttpResponse:
        """Show the page; once the form comes back complete, do it and return to the last crumb."""
        back = page.crumbs[-1].url or Viewer(request, self.admin_site).url("index")
        if form.is_bound and form.is_valid():
            try:
                self.message_user(request, do(), messages.SUCCESS)
            except OutreachError as error:
                self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(back)
        request.current_app = self.admin_site.name
        fields = list(form.fields)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": Recipient._meta,
            "title": page.title,
            "lines": page.lines,
            "button": page.button,
            "crumbs": page.crumbs,
            "is_grave": page.is_grave,
            "form": form,
            "fieldsets": AdminForm(form, [(None, {"fields": fields})], {}) if fields else [],
            "back": back,
        }
        return TemplateResponse(request, "admin/outreach/recipient/act.html", context)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
