"""B1: a declaration never brings back who has refused, whatever came before and after."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.declaration_models import DeclaredPerson
from outreach.preferences.declared import Outcome
from outreach.preferences.models import ConsentRecord, Source, Subscription, Suppression, Topic
from outreach.preferences.suppress import lift, suppress
from outreach.recipients.models import ContactLink, Recipient
from tests.builders import address_of, make_recipient, make_topic
from tests.preferences.declaring import PIOTR, declare, is_the_fold, make_declaration

Reason = Suppression.Reason
Act = Callable[[Recipient, Topic], None]


def _stopped(reason: str, *, at_address: bool = False, is_lifted: bool = False) -> Act:
    def act(person: Recipient, topic: Topic) -> None:
        where = {"address": address_of(person)} if at_address else {"recipient": person}
        made = suppress(reason=reason, by=CUSTOMER, **where)
        if is_lifted and made:
            lift(made, by=PIOTR, why="It was lifted")

    return act


def _withdrew(person: Recipient, topic: Topic) -> None:
    withdraw(person, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER)


def _withdrew_at_address(person: Recipient, topic: Topic) -> None:
    place = address_of(person)
    withdraw(
        person, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER, address=place
    )


def _granted(person: Recipient, topic: Topic) -> None:
    grant(person, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def _marked_in_the_crm(person: Recipient, topic: Topic) -> None:
    ContactLink.objects.create(
        source="test",
        model_label="crm.Contact",
        contact_key=f"{person.pk}-{ContactLink.objects.count()}",
        recipient=person,
        digest="",
        is_opted_out=True,
    )


def _housemate_withdrew(person: Recipient, topic: Topic) -> None:
    other = make_recipient(address_of(person).value, "Somebody else there")
    place = address_of(person)
    withdraw(other, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER, address=place)


def _erased(person: Recipient, topic: Topic) -> None:
    Recipient.objects.filter(pk=person.pk).update(erased_at=timezone.now())


BINDING: dict[str, Act] = {
    "unsubscribed": _stopped(Reason.UNSUBSCRIBED),
    "unsubscribed there": _stopped(Reason.UNSUBSCRIBED, at_address=True),
    "unsubscribed, lifted": _stopped(Reason.UNSUBSCRIBED, is_lifted=True),
    "complained": _stopped(Reason.COMPLAINT),
    "complained there": _stopped(Reason.COMPLAINT, at_address=True),
    "complained, lifted": _stopped(Reason.COMPLAINT, at_address=True, is_lifted=True),
    "stopped by staff": _stopped(Reason.MANUAL),
    "erased there": _stopped(Reason.ERASED, at_address=True),
    "erased": _erased,
    "marked in the CRM": _marked_in_the_crm,
}
"""Whatever is said for this topic later, a declaration adds nothing."""

BY_TOPIC: dict[str, Act] = {
    "withdrew": _withdrew,
    "withdrew there": _withdrew_at_address,
    "housemate withdrew": _housemate_withdrew,
}
OPEN: dict[str, Act] = {
    "granted": _granted,
    "bounced": _stopped(Reason.HARD_BOUNCE, at_address=True),
    "stop by staff lifted": _stopped(Reason.MANUAL, is_lifted=True),
}
ACTS = BINDING | BY_TOPIC | OPEN


def _subscriptions() -> dict[tuple[int, int, str], bool]:
    rows = Subscription.objects.values_list("recipient", "topic", "channel", "is_granted")
    return {(person, topic, channel): wants for person, topic, channel, wants in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("act", [*BINDING, *BY_TOPIC])
def test_b1_a_refusal_is_never_overridden(act: str) -> None:
    maria, other, topic = make_recipient(), make_recipient(), make_topic()
    ACTS[act](maria, topic)
    before = _subscriptions()
    declare(maria, other, topic=topic)
    assert _subscriptions() == before | {(other.pk, topic.pk, "email"): True}
    outcome = DeclaredPerson.objects.get(recipient=maria).outcome
    assert outcome == (Outcome.ERASED if act.startswith("erased") else Outcome.REFUSED)


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["bounced", "stop by staff lifted"])
def test_what_is_no_refusal_does_not_stand_in_the_way(act: str) -> None:
    maria, topic = make_recipient(), make_topic()
    ACTS[act](maria, topic)
    declare(maria, topic=topic)
    assert Subscription.objects.get(recipient=maria).is_granted


@pytest.mark.django_db
def test_a_refusal_of_another_topic_or_channel_is_none_of_this() -> None:
    maria, topic, other = make_recipient(), make_topic(), make_topic()
    withdraw(maria, [other], channel="email", source=Source.PHONE, by=SYSTEM)
    withdraw(maria, [topic], channel="sms", source=Source.PHONE, by=SYSTEM)
    suppress(reason=Reason.UNSUBSCRIBED, recipient=maria, channel="sms", by=CUSTOMER)
    declare(maria, topic=topic)
    assert _subscriptions()[maria.pk, topic.pk, "email"]


class AnyMixOfActs(TestCase):
    @settings(max_examples=40)
    @given(
        stories=st.lists(st.lists(st.sampled_from(sorted(ACTS)), max_size=4), max_size=4),
        later=st.sampled_from(sorted(ACTS)),
    )
    def test_b1_whatever_came_before_a_declaration_only_adds_where_nothing_was_said(
        self, stories: list[list[str]], later: str
    ) -> None:
        topic = make_topic()
        people = [make_recipient(name=f"Person {number}") for number in range(len(stories) + 1)]
        for person, story in zip(people, [*stories, []], strict=True):
            for act in story:
                ACTS[act](person, topic)
        draft = make_declaration(*people, topic=topic)
        before, ledger = _subscriptions(), ConsentRecord.objects.count()
        declare(*people, topic=topic)
        after = _subscriptions()
        assert {key: after[key] for key in before} == before
        for person, story in zip(people, [*stories, []], strict=True):
            if BINDING.keys() & set(story):
                key = (person.pk, topic.pk, "email")
                assert after.get(key) == before.get(key)
        assert ConsentRecord.objects.count() == ledger + len(after) - len(before)
        assert is_the_fold()
        ACTS[later](people[-1], topic)  # and what comes after it still counts
        assert draft.state == "draft"
