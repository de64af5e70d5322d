"""For staff: erase a person who asked for it other than on their own page (B12)."""

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.history.actor import Actor
from outreach.recipients.ask_first import Page, ask, sent
from outreach.recipients.erase import erase
from outreach.recipients.models import Recipient
from outreach.recipients.panels import Link, Viewer

PERMISSION = "erase_recipient"


class ErasureForm(forms.Form):
    """The reason is one of a list: a note in words would be something more to erase."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            ("", "---------"),
            ("asked_in_writing", gettext_lazy("they asked for it in writing")),
            ("asked_by_phone", gettext_lazy("they asked for it on the telephone")),
            ("asked_in_person", gettext_lazy("they asked for it in person")),
            ("not_needed", gettext_lazy("we need nothing of it any more")),
            ("obliged", gettext_lazy("a court or an authority told us to")),
        ],
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("I have made sure that it is this person, and that they want it")
    )


def may_erase(viewer: Viewer) -> bool:
    return viewer.may(PERMISSION) and viewer.may("view_recipient", "change_recipient")


def erase_page(request: HttpRequest, site: AdminSite, recipient_id: int) -> HttpResponse:
    """Say what goes and what stays; with POST, erase."""
    viewer = Viewer(request, site)
    if not may_erase(viewer):
        raise PermissionDenied
    if len(str(recipient_id)) > 18:
        raise Http404
    person = get_object_or_404(Recipient, pk=recipient_id, erased_at__isnull=True)
    form = ErasureForm(sent(request))

    def do() -> str:
        erase(person, by=Actor.of(request.user), reason=form.cleaned_data["reason"])
        return _("The person is erased.")

    page = Page(
        title=_("Erase this person"),
        lines=[
            _(
                "%(person)s: name, addresses, proofs of consent, messages, groups, breaks and "
                "notes go for good. Nobody can bring them back."
            )
            % {"person": person},
            _(
                "Nothing is sent to them any more, not even what belongs to an order. A later "
                "import or sync of their address or contact does not make them again."
            ),
            _(
                "What stays: that somebody agreed or refused, and when; and a keyed hash of the "
                "address. An address that somebody else is reached at stays theirs."
            ),
            _("Your CRM keeps its own data about them. Erase that there, if it is to go as well."),
        ],
        button=_("Erase for good"),
        crumbs=[
            Link(str(Recipient._meta.verbose_name_plural), viewer.list_of(Recipient)),
            Link(str(person), viewer.page_of(Recipient, person.pk)),
        ],
        model=Recipient,
        is_grave=True,
    )
    return ask(page, form, do, viewer)
