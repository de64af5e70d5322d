"""D3: before a topic falls silent we ask once, and the page takes the answer with one press."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from outreach.centre.codes import said_to_them
from outreach.dispatch.channels import email
from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER
from outreach.history.record import history_of
from outreach.ledger.models import Attempt, Delivery
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source
from outreach.recipients.held import Coded
from outreach.recipients.models import Channel, Recipient
from outreach.recipients.stages import Event, happened
from tests.builders import make_recipient, make_topic, subscribe
from tests.centre.messages import all_rows, make_message, preferences_path

pytestmark = pytest.mark.django_db
SENT = datetime.fromisoformat("2026-03-01T12:00:00+01:00")
LATER = SENT + timedelta(days=40)
BLOCK = 'id="go-on"'


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SENT - timedelta(days=200), tick=False) as traveller:
        yield traveller


@pytest.fixture
def asking(clock: time_machine.Traveller) -> Attempt:
    """The last of two messages about tastings, which asked Maria; forty days have passed since."""
    maria, topic = make_recipient(), make_topic("Tastings and visits", silent_after=2)
    subscribe(maria, topic)
    clock.move_to(SENT)
    make_message(maria, topic=topic)
    attempt = make_message(maria, topic=topic)
    Delivery.objects.update(delivered_at=SENT)
    Delivery.objects.filter(pk=attempt.delivery_id).update(asks_to_go_on=True)
    attempt.delivery.refresh_from_db()
    clock.move_to(LATER)
    return attempt


def page(client: Client, attempt: Attempt) -> str:
    return client.get(preferences_path(attempt)).content.decode()


def refusals(attempt: Attempt) -> list[str]:
    topic = attempt.delivery.run.campaign.topic
    decision = may_contact(attempt.delivery.recipient, topic, Channel.EMAIL)
    return [rule.code for rule in decision.refused_by]


def test_d3_one_press_ends_the_silence_and_stays_on_record(client: Client, asking: Attempt) -> None:
    assert "silent" in refusals(asking)
    assert "Shall we go on writing to you about “Tastings and visits”?" in page(client, asking)
    answer = client.post(preferences_path(asking), {"do": "go-on"})
    assert (answer.status_code, answer["Location"]) == (303, "?saved=1")
    assert "silent" not in refusals(asking)
    entry = history_of(asking.delivery.recipient)[0]
    assert (entry.verb, entry.note) == ("wish.goes_on", "Tastings and visits")
    assert str(said_to_them("what", Coded(entry.verb, "?"))).startswith("you said")
    assert BLOCK not in page(client, asking)


def test_d3_pressed_twice_it_is_written_once(client: Client, asking: Attempt) -> None:
    client.post(preferences_path(asking), {"do": "go-on"})
    before = all_rows()
    client.post(preferences_path(asking), {"do": "go-on"})
    assert all_rows() == before


def test_d3_any_sign_of_life_since_is_an_answer(client: Client, asking: Attempt) -> None:
    happened(Event.WROTE, [asking.delivery.recipient_id])
    assert BLOCK not in page(client, asking)


def test_d3_a_sign_from_before_the_message_is_none(client: Client, asking: Attempt) -> None:
    Recipient.objects.update(last_sign_at=SENT - timedelta(seconds=1))
    assert BLOCK in page(client, asking)


def test_d3_a_message_that_asked_nothing_shows_nothing_and_takes_no_answer(
    client: Client, asking: Attempt
) -> None:
    Delivery.objects.update(asks_to_go_on=False)
    assert BLOCK not in page(client, asking)
    assert client.post(preferences_path(asking), {"do": "go-on"}).status_code == 400


def test_d3_who_refused_the_topic_is_not_asked_to_go_on(client: Client, asking: Attempt) -> None:
    topic = asking.delivery.run.campaign.topic
    person = asking.delivery.recipient
    withdraw(person, [topic], channel="email", source=Source.PHONE, by=CUSTOMER)
    Recipient.objects.update(last_sign_at=None)
    assert BLOCK not in page(client, asking)


def test_d3_a_get_answers_nothing(client: Client, asking: Attempt) -> None:
    before = all_rows()
    client.get(preferences_path(asking) + "?do=go-on")
    assert all_rows() == before


def test_d3_the_message_leads_to_the_button(asking: Attempt) -> None:
    mail = email.build(asking, asking.delivery.run.campaign.variants.get())
    path = preferences_path(asking) + "#go-on"
    assert path in str(mail.body)
    assert path in str(mail.alternatives[0][0])
