"""Maria, two topics she can choose from, and the path of her page."""

from dataclasses import dataclass

from outreach.preferences.choices import choices_of
from outreach.preferences.models import Topic
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from tests.builders import make_recipient, make_topic, subscribe
from tests.centre.messages import make_message, preferences_path


@dataclass(frozen=True, slots=True)
class Maria:
    """She asked for tastings, by e-mail; a message about them went to her."""

    person: Recipient
    tastings: Topic
    vintages: Topic
    path: str

    def wants(self) -> dict[str, dict[str, bool]]:
        return {choice.topic.slug: choice.wanted for choice in choices_of(self.person)}


def make_maria(*also: str, **fields: str) -> Maria:
    """`also` are short names of other topics that she wants; `fields` are of the person."""
    tastings = make_topic("Tastings and visits", slug="tastings", position=1)
    vintages = make_topic("New vintages", slug="vintages", position=2, pace="twice a year")
    maria = make_recipient("maria@example.com", "Maria Bruno", **fields)
    subscribe(maria, tastings, *Topic.objects.filter(slug__in=also))
    path = preferences_path(make_message(maria, topic=tastings))
    return Maria(maria, tastings, vintages, path)


def give_phone(recipient: Recipient, number: str = "+393331234567") -> Address:
    address, _new = Address.objects.get_or_create(
        channel=Channel.SMS, value=number, value_hash=number, normaliser=1
    )
    RecipientAddress.objects.create(recipient=recipient, address=address, channel=Channel.SMS)
    return address
