"""The preference page, in each of its states."""

from collections.abc import Iterator
from datetime import timedelta

import time_machine
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Delivery
from outreach.preferences.consent import grant
from outreach.preferences.frequency import set_frequency
from outreach.preferences.models import Source, Topic
from outreach.preferences.statements import say, tie
from outreach.preferences.suppress import suppress
from outreach.senders.models import Sender
from tests.browser.visit import Visit
from tests.builders import (
    make_actor,
    make_recipient,
    make_topic,
    subscribe,
)
from tests.centre.messages import (
    make_message,
    preferences_path,
)
from tests.centre.people import Maria, give_phone, make_maria

SITE = "https://www.rossi.example"


def with_everything(**fields: str) -> Maria:
    """Somebody with something in every part of the page."""
    offers = make_topic("Offers", slug="offers", position=3)
    maria = make_maria("offers", **fields)
    make_topic("Your orders", slug="orders", purpose="routine", position=9)
    give_phone(maria.person)
    set_frequency(maria.person, {offers: "monthly"}, by=CUSTOMER)
    said = say(maria.person, "No vintages, please.", source=Source.PHONE, by=make_actor())
    subscribe(maria.person, maria.vintages, channel="sms")
    tie(said, unwanted=[maria.vintages], by=make_actor())
    return maria


def own_page(visit: Visit) -> Iterator[str]:
    maria = with_everything(language=visit.language)
    visit.open(maria.path)
    yield "preferences"
    visit.press("save")
    yield "preferences, saved"
    visit.page.locator("#until").fill("2999-01-01")
    visit.press("break-until")
    yield "preferences, with a mistake"
    visit.press("30")
    yield "preferences, in a break"
    visit.press("stop")
    yield "preferences, stopped"
    visit.press_something_else("return")
    yield "not understood"
    suppress(reason="manual", by=SYSTEM, recipient=maria.person)
    visit.open(maria.path)
    yield "preferences, held"


def other_own_pages(visit: Visit) -> Iterator[str]:
    """Somebody who wants much; and somebody without a name, where there is nothing to choose."""
    Topic.objects.update(is_active=False)
    topic = make_topic()
    many = [topic, *(make_topic(f"A subject of which there are many, {n}") for n in range(7))]
    keen = make_recipient(language=visit.language)
    subscribe(keen, *many)
    visit.open(preferences_path(make_message(keen, topic=topic)))
    yield "preferences, with many topics"
    Topic.objects.update(is_active=False)
    Sender.objects.update(is_active=False)
    visit.open(preferences_path(make_message(make_recipient(name="", language=visit.language))))
    Sender.objects.update(is_active=False)
    visit.page.reload()
    yield "preferences, with nothing to choose"
    Topic.objects.update(is_active=True)
    Sender.objects.update(is_active=True)


def whether_to_go_on(visit: Visit) -> Iterator[str]:
    """A wish that is over in ten days, by a message that is the last one before the topic ends."""
    topic = make_topic("Tastings and visits", valid_for=365)
    now, year = timezone.now(), timedelta(days=365)
    with time_machine.travel(now - year + timedelta(days=10)):
        maria = make_recipient(language=visit.language)
        grant(maria, [topic], channel="email", source=Source.FORM, by=CUSTOMER)
    attempt = make_message(maria, topic=topic)
    Delivery.objects.filter(pk=attempt.delivery_id).update(
        asks_to_go_on=True, delivered_at=now - timedelta(days=3)
    )
    visit.open(preferences_path(attempt))
    assert visit.page.locator("#go-on").count() == 1
    yield "preferences, asked whether to go on"
    visit.press("go-on")
    yield "preferences, going on"
    visit.press("keep")
    yield "preferences, kept"
