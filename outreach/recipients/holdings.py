"""What this room itself holds of a person: who they are, where they are reached, which contact."""

from collections.abc import Iterable

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outreach.recipients.erase import empty
from outreach.recipients.held import Coded, Column, Erasure, Holding, Row, Section, register
from outreach.recipients.models import Address, ContactLink, Recipient, RecipientAddress
from outreach.recipients.wording import country_name, language_name


class PersonHolding(Holding):
    position = 10
    tables = (Recipient, Address, RecipientAddress, ContactLink)

    def sections(self, recipient: Recipient) -> Iterable[Section]:
        yield _person(recipient)
        yield _addresses(recipient)
        yield _contacts(recipient)

    def erase(self, erasure: Erasure) -> None:
        empty(erasure)


def _person(recipient: Recipient) -> Section:
    return Section(
        key="person",
        title=_("Who you are"),
        columns=(
            Column("name", pgettext("one's own data", "Name")),
            Column("given_name", _("Given name")),
            Column("family_name", _("Family name")),
            Column("company", pgettext("one's own data", "Company")),
            Column("language", pgettext("one's own data", "Language")),
            Column("country", pgettext("one's own data", "Country")),
            Column("time_zone", _("Time zone")),
            Column("stage", _("How well we know each other")),
            Column("known_since", _("With us since")),
        ),
        rows=[
            (
                recipient.name,
                recipient.given_name,
                recipient.family_name,
                recipient.company,
                Coded(recipient.language, language_name(recipient.language)),
                Coded(recipient.country, country_name(recipient.country)),
                recipient.time_zone,
                Coded(recipient.stage, recipient.get_stage_display()),
                recipient.created_at,
            )
        ],
        empty="",
    )


def _addresses(recipient: Recipient) -> Section:
    held = RecipientAddress.objects.filter(recipient=recipient).select_related("address")
    return Section(
        key="addresses",
        title=_("Where we reach you"),
        columns=(
            Column("channel", pgettext("one's own data", "By")),
            Column("address", pgettext("one's own data", "Address")),
            Column("is_written_to", _("We write to it")),
        ),
        rows=[
            (
                Coded(row.channel, row.get_channel_display()),
                row.address.value,
                row.position == 0,
            )
            for row in held.order_by("channel", "position", "pk")
        ],
        empty=_("No address."),
    )


def _contacts(recipient: Recipient) -> Section:
    links = ContactLink.objects.filter(recipient=recipient).order_by("pk")
    return Section(
        key="customer_database",
        title=_("Where we know you from"),
        columns=(
            Column("kind", _("In our customer database")),
            Column("key", _("Number there")),
            Column("last_changed_at", _("Last changed")),
            Column("is_not_to_be_contacted", _("Marked there: not to be contacted")),
            Column("gone_since", _("No longer there since")),
        ),
        rows=[_contact(link) for link in links],
        empty=_("You came to us by yourself: nothing of this is from a customer database."),
    )


def _contact(link: ContactLink) -> Row:
    try:
        kind = capfirst(str(apps.get_model(link.model_label)._meta.verbose_name))
    except LookupError:  # the host took the app away
        kind = _("An entry of a part that is no longer there")
    return (
        Coded(link.source, kind),
        link.contact_key,
        link.synced_at,
        link.is_opted_out,
        link.gone_at,
    )


def register_holdings() -> None:
    register(PersonHolding())
