"""Somebody with a preference page of the usual size, among others who have one."""

from uuid import UUID

from django.db import connection

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import grant
from outreach.preferences.frequency import set_frequency
from outreach.preferences.models import Source, Topic
from outreach.preferences.statements import say, tie
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from tests.builders import make_actor, make_campaign, make_group, make_recipient, make_topic
from tests.centre.messages import make_message, preferences_path

WORDS = "Yes, Cantina Rossi may write to me about this."


def fill(topics: int, others: int, messages: int) -> tuple[str, UUID]:
    """The path of their page, and their public key."""
    subjects = [
        make_topic(f"Topic {n}", slug=f"topic-{n}", pace="about once a month", position=n)
        for n in range(topics)
    ]
    people = [_person(n, subjects) for n in range(others + 1)]
    maria = people[0]
    groups = [make_group(*people), make_group(*people[: others // 2])]
    for group in groups:
        group.description = f"Customers who like {group.name}"
        group.save()
    for number in range(messages):
        campaign = make_campaign(*groups, topic=subjects[number % topics])
        attempts = [make_message(person, campaign) for person in people]
    set_frequency(maria, {subjects[0]: "monthly", subjects[1]: "weekly"}, by=CUSTOMER)
    said = say(maria, "Only the Barbera, please.", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    tie(said, wanted=[subjects[4]], by=make_actor())
    for person in people:
        _reach_elsewhere(person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return preferences_path(attempts[0]), maria.public_id


def _person(number: int, topics: list[Topic]) -> Recipient:
    """They want all but one topic by e-mail, and every second one by SMS."""
    person = make_recipient(f"person{number}@example.com", language="it")
    for channel, wanted in ((Channel.EMAIL, topics[1:]), (Channel.SMS, topics[::2])):
        grant(person, wanted, channel=channel, source=Source.FORM, by=SYSTEM, wording=WORDS)
    return person


def _reach_elsewhere(person: Recipient) -> None:
    for channel in (Channel.SMS, Channel.POST):
        value = f"{channel} {person.pk}"
        address = Address.objects.create(
            channel=channel, value=value, value_hash=value, normaliser=1
        )
        RecipientAddress.objects.create(recipient=person, address=address, channel=channel)
