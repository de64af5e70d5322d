"""B11: on the page, a wish that is about to be over is kept or let go with one press."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from outreach.history.actor import CUSTOMER
from outreach.history.record import history_of
from outreach.ledger.models import Attempt, DeliveryEvent
from outreach.preferences import lapse
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Source, Subscription, Topic
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel, Recipient
from tests.builders import make_recipient, make_topic
from tests.centre.messages import make_message, preferences_path
from tests.centre.renewals import BEGAN, END, SOON, wish, wished_for_a_year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def topic() -> Topic:
    return make_topic("Tastings and visits", slug="tastings", valid_for=365)


@pytest.fixture
def maria(topic: Topic) -> Recipient:
    return wished_for_a_year(topic)


@pytest.fixture
def message(maria: Recipient, topic: Topic) -> Attempt:
    return make_message(maria, topic=topic)


def page(client: Client, message: Attempt) -> str:
    return client.get(preferences_path(message)).content.decode()


def press(client: Client, message: Attempt, do: str, **fields: str) -> str:
    form = {"do": do, "wish": "tastings:email", "as_of": SOON.isoformat(), **fields}
    answer = client.post(preferences_path(message), form)
    assert answer.status_code == 303
    return str(answer["Location"])


def test_it_says_what_is_over_when_and_what_each_button_does(
    client: Client, message: Attempt
) -> None:
    shown = page(client, message)
    for part in (
        "Your wish to hear from us about “Tastings and visits”, by e-mail, is over on May 3, 2026.",
        "it counts until April 3, 2027",
        "Keep it</button>",
        "Let it end</button>",
    ):
        assert part in shown, part


def test_b1_kept_it_counts_as_long_again_and_the_words_are_its_proof(
    client: Client, message: Attempt, maria: Recipient
) -> None:
    assert press(client, message, "keep") == "?saved=1"
    wished = Subscription.objects.get()
    assert (wished.valid_until, wished.is_granted) == (SOON + timedelta(days=365), True)
    record = wished.record
    assert (record.source, record.valid_until) == (Source.PREFERENCE_PAGE, wished.valid_until)
    assert record.in_which_words.startswith("Keep it: Tastings and visits: Invitations")
    assert record.wording is not None
    assert record.wording.language == "en"
    assert history_of(maria)[0].verb == "consent.grant"
    assert 'id="renewal"' not in page(client, message)


def test_pressed_twice_it_is_kept_once(client: Client, message: Attempt) -> None:
    press(client, message, "keep")
    assert press(client, message, "keep") == "?saved=1"
    assert ConsentRecord.objects.count() == 2


def test_let_go_it_ends_at_once(client: Client, message: Attempt, maria: Recipient) -> None:
    press(client, message, "let-end")
    press(client, message, "let-end")
    act = ConsentRecord.objects.get(act="withdraw")
    assert act.in_which_words.startswith("Let it end: Tastings and visits")
    assert not Subscription.objects.get().is_granted
    assert history_of(maria)[0].verb == "consent.withdraw"
    assert DeliveryEvent.objects.get().kind == DeliveryEvent.Kind.UNSUBSCRIBED
    assert 'id="renewal"' not in page(client, message)


def test_an_old_page_takes_no_refusal_back(
    client: Client, message: Attempt, maria: Recipient, topic: Topic, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    withdraw(maria, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)
    clock.shift(60)
    assert press(client, message, "keep") == "?saved=kept"
    assert not Subscription.objects.get().is_granted


def test_who_says_so_a_day_too_late_keeps_it(
    client: Client, message: Attempt, clock: time_machine.Traveller
) -> None:
    clock.move_to(END)
    lapse.sweep()
    assert press(client, message, "keep") == "?saved=1"
    assert Subscription.objects.get().is_granted


def test_a_wish_by_post_is_kept_by_post(client: Client, message: Attempt, topic: Topic) -> None:
    maria = message.delivery.recipient
    with time_machine.travel(BEGAN, tick=False):
        wish(maria, topic, channel=Channel.POST)
    press(client, message, "keep", wish="tastings:post")
    kept = Subscription.objects.get(valid_until__gt=END)
    assert (kept.channel, kept.record.address) == (Channel.POST, None)


@pytest.mark.parametrize(
    "wished", ["", "tastings", "tastings:sms", "x:email", "tastings:email:x", "\0"]
)
def test_what_is_not_theirs_is_not_understood(
    client: Client, message: Attempt, wished: str
) -> None:
    for do in ("keep", "let-end"):
        answer = client.post(preferences_path(message), {"do": do, "wish": wished})
        assert answer.status_code == 400
    assert ConsentRecord.objects.count() == 1


def test_what_is_refused_at_the_address_is_not_offered(
    client: Client, message: Attempt, topic: Topic
) -> None:
    address = message.delivery.address
    assert address is not None
    other = make_recipient(address.value, "Olga")
    withdraw(other, [topic], channel="email", source=Source.PHONE, by=CUSTOMER, address=address)
    assert 'id="renewal"' not in page(client, message)


def test_who_hears_nothing_is_asked_nothing(client: Client, message: Attempt) -> None:
    suppress(reason="unsubscribed", by=CUSTOMER, recipient=message.delivery.recipient)
    assert 'id="renewal"' not in page(client, message)


def test_far_from_its_end_a_wish_is_not_spoken_of(
    client: Client, message: Attempt, clock: time_machine.Traveller
) -> None:
    clock.move_to(SOON.replace(month=2))
    assert 'id="renewal"' not in page(client, message)


def test_the_form_on_the_page_is_the_one_that_is_understood(
    client: Client, message: Attempt
) -> None:
    shown = page(client, message)
    assert '<input type="hidden" name="wish" value="tastings:email">' in shown
