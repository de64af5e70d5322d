"""Statement 8: what people chose can be made anew from the ledger, and is never made up."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from outreach.history.actor import SYSTEM
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import ConsentRecord, Source, Subscription
from outreach.preferences.rebuild import differences, mend
from outreach.recipients.models import Channel, Recipient
from tests.builders import make_recipient, make_topic
from tests.preferences.declaring import is_the_fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Recipient]:
    """Five people: all asked for a topic for a time; the second took it back."""
    people, topic = [make_recipient() for _number in range(5)], make_topic(valid_for=30)
    for person in people:
        grant(person, [topic], channel=Channel.EMAIL, source=Source.STAFF, by=SYSTEM)
    withdraw(people[1], [topic], channel=Channel.EMAIL, source=Source.PHONE, by=SYSTEM)
    return people


def kept() -> list[Any]:
    rows = Subscription.objects.order_by("recipient")
    return list(rows.values("recipient", "topic", "channel", "is_granted", "record", "valid_until"))


def flip() -> None:
    Subscription.objects.update(is_granted=True)


def lose_one() -> None:
    Subscription.objects.order_by("pk")[0].delete()


def lose_all() -> None:
    Subscription.objects.all().delete()


def prolong() -> None:
    Subscription.objects.update(valid_until=None)


def shorten() -> None:
    Subscription.objects.update(valid_until=timezone.now() - timedelta(days=1))


def move_back() -> None:
    Subscription.objects.update(since_at=timezone.now() - timedelta(days=9))


def older_act() -> None:
    twice = Subscription.objects.get(is_granted=False)
    first = ConsentRecord.objects.filter(recipient=twice.recipient_id).earliest("pk")
    Subscription.objects.filter(pk=twice.pk).update(record=first)


def never_said() -> None:
    act = ConsentRecord.objects.all()[0]
    Subscription.objects.create(
        recipient=make_recipient(), topic=act.topic, channel="sms", is_granted=True,
        record=act, since_at=act.at,
    )  # fmt: skip


BREAKS: dict[Callable[[], None], int] = {
    flip: 1,
    lose_one: 1,
    lose_all: 5,
    prolong: 4,
    shorten: 5,
    move_back: 5,
    older_act: 1,
    never_said: 1,
}


@pytest.mark.parametrize("broken", BREAKS, ids=lambda each: each.__name__)
def test_whatever_differs_is_shown_and_mended(
    people: list[Recipient], broken: Callable[[], None]
) -> None:
    before, acts = kept(), list(ConsentRecord.objects.order_by("pk").values())
    broken()
    assert not is_the_fold()
    said = StringIO()
    call_command("outreach_rebuild", stdout=said)
    assert said.getvalue().endswith(
        f"{BREAKS[broken]} differ; nothing is changed. --write mends them.\n"
    )
    assert not is_the_fold()
    call_command("outreach_rebuild", write=True, stdout=said)
    assert said.getvalue().endswith(f"{BREAKS[broken]} mended.\n")
    assert kept() == before
    assert is_the_fold()
    assert list(ConsentRecord.objects.order_by("pk").values()) == acts
    call_command("outreach_rebuild", stdout=said)
    assert said.getvalue().endswith("Everything is as the ledger says.\n")


def test_it_goes_by_ranges_of_people(people: list[Recipient]) -> None:
    lose_all()
    ranges = list(differences(size=2))
    assert [len(found) for found in ranges] == [2, 2, 1]
    assert [mend(found) for found in ranges] == [2, 2, 1]
    assert is_the_fold()


def test_only_some_are_listed(people: list[Recipient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.management.commands.outreach_rebuild.SHOWN", 2)
    lose_all()
    said = StringIO()
    call_command("outreach_rebuild", stdout=said)
    assert said.getvalue().count("is missing") == 2
    assert "… and 3 more" in said.getvalue()
