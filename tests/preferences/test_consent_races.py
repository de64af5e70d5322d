"""Statement 8 and B1 under load: two at once do what one would, seen from real threads."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences import lapse, renewal
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import (
    ConsentRecord,
    RenewalRequest,
    Source,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.rebuild import differences, mend
from outreach.preferences.renewal import mark_asked
from outreach.preferences.suppression_file import bring_in, look_at
from outreach.recipients.models import Channel, Recipient
from tests.builders import make_actor, make_recipient, make_topic
from tests.conversations.test_races import together
from tests.preferences.declaring import is_the_fold

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def wish(person: Recipient, topic: Topic) -> None:
    grant(person, [topic], channel=Channel.EMAIL, source=Source.FORM, by=CUSTOMER)


def wished(days_ago: int, topic: Topic, people: int = 1) -> list[Recipient]:
    with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
        found = [make_recipient() for _number in range(people)]
        for person in found:
            wish(person, topic)
    return found


def test_two_sweeps_put_each_end_on_record_once() -> None:
    wished(40, make_topic(valid_for=30), people=20)
    together(lapse.sweep, lapse.sweep, lapse.sweep)
    assert ConsentRecord.objects.filter(act="expire").count() == 20
    assert is_the_fold()


def test_whoever_renews_or_refuses_while_it_lapses_is_folded_in_order() -> None:
    topic = make_topic(valid_for=30)
    renews, refuses = wished(40, topic, people=2)
    together(
        lapse.sweep,
        lambda: wish(renews, topic),
        lambda: withdraw(
            refuses, [topic], channel=Channel.EMAIL, source=Source.ONE_CLICK, by=CUSTOMER
        ),
        lapse.sweep,
    )
    assert Subscription.objects.get(recipient=renews).is_granted
    assert Subscription.objects.get(recipient=refuses).record.act == "withdraw"
    assert is_the_fold()


def test_two_who_want_to_ask_ask_once() -> None:
    wished(340, make_topic(valid_for=365))
    renewal.sweep()
    request, won = RenewalRequest.objects.get(), list[bool]()
    anna, piotr = make_actor(), make_actor("piotr")
    together(
        lambda: won.append(mark_asked(request, by=anna)),
        lambda: won.append(mark_asked(request, by=piotr)),
    )
    assert sorted(won) == [False, True]


def test_two_lists_at_once_stop_each_address_once() -> None:
    anna = make_actor()
    lists = [
        ("address\n" + "".join(f"p{number}@example.com\n" for number in order)).encode()
        for order in (range(300), reversed(range(300)))
    ]
    together(
        *(
            lambda data=data: bring_in("l.csv", data, by=anna, seen=look_at("l.csv", data).digest)
            for data in lists
        )
    )
    assert Suppression.objects.count() == 300


def test_what_is_rebuilt_while_people_choose_is_the_fold() -> None:
    topic = make_topic()
    people = [make_recipient() for _number in range(10)]
    for person in people:
        wish(person, topic)
    Subscription.objects.update(is_granted=False)
    found = [each for some in differences() for each in some]
    together(
        lambda: mend(found),
        lambda: [
            withdraw(person, [topic], channel="email", source=Source.PHONE, by=SYSTEM)
            for person in reversed(people)
        ],
        lambda: mend(found),
    )
    assert is_the_fold()
    assert ConsentRecord.objects.count() == 20
