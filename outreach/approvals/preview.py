"""The message as some of those who will get it see it, the awkward cases first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from outreach.campaigns.merge import FIELDS, fields_of
from outreach.campaigns.models import Campaign
from outreach.campaigns.render import RenderedEmail, render_email
from outreach.conf import conf
from outreach.ledger.models import Delivery, Run
from outreach.links.addresses import MessageLinks
from outreach.recipients.language import language_for
from outreach.recipients.models import Channel, Recipient

NOBODY = "nobody"
NAMELESS, NAMED = 3, 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to look at the message as; `key` goes into the address of the page."""

    key: str
    label: str
    fields: dict[str, str]
    language: str


def people_of(run: Run | None) -> list[Person]:
    """A few who are in the audience, and always somebody of whom we know nothing."""
    unknown = Person(NOBODY, _("somebody whose name we do not know"), dict.fromkeys(FIELDS, ""), "")
    if run is None:
        return [unknown]
    included = (
        Delivery.objects.filter(run=run, state__in=Delivery.INCLUDED)
        .select_related("recipient")
        .order_by("pk")
    )
    rows = [
        *included.exclude(recipient__given_name="")[:NAMED],
        *included.filter(recipient__given_name="")[:NAMELESS],
    ]
    return [*(_person(row.recipient) for row in rows), unknown]


def choose(people: list[Person], key: str) -> Person:
    """The person with that key, else the first."""
    return next((person for person in people if person.key == key), people[0])


def preview(campaign: Campaign, person: Person) -> RenderedEmail | None:
    """The e-mail for one person, with ways out that lead nowhere; None while none is written."""
    variant = campaign.variants.select_related("campaign__sender").filter(channel=Channel.EMAIL)
    found = variant.first()
    if found is None:
        return None
    own_page = f"{conf().base_url}/…"
    links = MessageLinks(
        preferences_url=own_page, unsubscribe_url=own_page, why_url=own_page, go_on_url=own_page
    )
    return render_email(found, fields=person.fields, links=links, language=person.language)


def _person(recipient: Recipient) -> Person:
    return Person(
        str(recipient.public_id), str(recipient), fields_of(recipient), language_for(recipient)
    )
