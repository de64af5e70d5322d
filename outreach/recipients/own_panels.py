"""What this room itself knows of a person: how to reach them, and where they come from."""

from collections import defaultdict

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outreach.recipients import panels
from outreach.recipients.erase_page import may_erase
from outreach.recipients.models import ContactLink, Recipient, RecipientAddress
from outreach.recipients.panels import Cell, Link, Table, Viewer

MOST = 50


class AddressPanel:
    key = "addresses"
    title = gettext_lazy("Where to reach them")
    position = 10

    def is_shown(self, viewer: Viewer) -> bool:
        return True

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        held = list(RecipientAddress.objects.filter(recipient=recipient).select_related("address"))
        others = _others(recipient, [row.address_id for row in held])
        return Table(
            columns=(_("On"), _("Address"), _("Written to"), _("Shared with")),
            rows=tuple(
                (
                    Cell(text=row.get_channel_display()),
                    Cell(text=str(row.address)),
                    Cell(text=_("only kept") if row.position else _("yes")),
                    Cell(text=_names(others[row.address_id])),
                )
                for row in held
            ),
            empty=(
                _("Erased.")
                if recipient.erased_at
                else _("No address that can be used. Add or correct it in the CRM.")
            ),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        if recipient.erased_at or not may_erase(viewer):
            return []
        url = viewer.url("outreach_recipient_erase", recipient.pk)
        return [Link(_("Erase this person"), url)]


class CrmPanel:
    key = "crm"
    title = gettext_lazy("Where they come from")
    position = 20

    def is_shown(self, viewer: Viewer) -> bool:
        return True

    def table(self, recipient: Recipient, viewer: Viewer) -> Table:
        links = ContactLink.objects.filter(recipient=recipient).order_by("gone_at", "pk")
        return Table(
            columns=(_("In the CRM"), _("Last changed"), _("Marked there")),
            rows=tuple(
                (
                    _contact(link, viewer),
                    Cell(at=link.synced_at),
                    Cell(text=_("not to be contacted") if link.is_opted_out else ""),
                )
                for link in links[:MOST]
            ),
            empty=_("Nobody in the CRM: they signed up by themselves."),
        )

    def tools(self, recipient: Recipient, viewer: Viewer) -> list[Link]:
        return []


def register_panels() -> None:
    panels.register(AddressPanel())
    panels.register(CrmPanel())


def _others(recipient: Recipient, address_ids: list[int]) -> dict[int, list[str]]:
    """Who else is reached at these addresses, by address, the first few."""
    rows = (
        RecipientAddress.objects.filter(address__in=address_ids)
        .exclude(recipient=recipient)
        .select_related("recipient")
        .order_by("pk")
    )
    names: dict[int, list[str]] = defaultdict(list)
    for row in rows[:MOST]:
        names[row.address_id].append(str(row.recipient))
    return names


def _names(names: list[str]) -> str:
    """Up to three names, and how many there are besides."""
    more = len(names) - 3
    listed = ", ".join(names[:3])
    if more <= 0:
        return listed
    text = ngettext("%(names)s and %(more)d other", "%(names)s and %(more)d others", more)
    return text % {"names": listed, "more": more}


def _contact(link: ContactLink, viewer: Viewer) -> Cell:
    try:
        model = apps.get_model(link.model_label)
    except LookupError:  # the host took the app away
        return Cell(text=_("A part of the CRM that is no longer there"))
    name = capfirst(str(model._meta.verbose_name))
    if link.gone_at is not None:
        return Cell(text=name, note=_("no longer there"))
    return Cell(text=name, url=viewer.page_of(model, link.contact_key))
