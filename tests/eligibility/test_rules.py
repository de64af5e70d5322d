from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.eligibility.decide import REASON, may_contact, question_for, with_reason
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Purpose, Source, Suppression, Topic
from outreach.preferences.pause import pause
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Channel, ContactLink, Recipient
from tests.builders import (
    address_of,
    make_campaign,
    make_recipient,
    make_topic,
    subscribe,
)

pytestmark = pytest.mark.django_db
Change = Callable[[Recipient, Topic], None]


def refusals(recipient: Recipient, topic: Topic) -> list[str]:
    """What the decision for one says, after making sure that the decision for many agrees."""
    decision = may_contact(recipient, topic, Channel.EMAIL)
    codes = [rule.code for rule in decision.refused_by]
    many = with_reason(Recipient.objects.all(), question_for(topic, Channel.EMAIL))
    first = dict(many.values_list("pk", REASON))[recipient.pk]
    assert first == (codes[0] if codes else "")
    return codes


def welcome(email: str | None = "") -> tuple[Recipient, Topic]:
    recipient, topic = make_recipient(email), make_topic()
    subscribe(recipient, topic)
    return recipient, topic


def counted(recipient: Recipient, days_ago: int) -> None:
    """Another campaign's message to this person, so many days ago."""
    run = Run.objects.create(campaign=make_campaign(), channel=Channel.EMAIL)
    address = address_of(recipient)
    Delivery.objects.create(
        run=run, recipient=recipient, address=address, channel=Channel.EMAIL, state="sent",
        recipient_slot=recipient.pk, address_slot=address.pk,
        cap_on=timezone.localdate() - timedelta(days=days_ago),
    )  # fmt: skip


def test_who_asked_may_be_written_to() -> None:
    assert refusals(*welcome()) == []


def test_b1_nobody_is_written_to_who_has_not_asked() -> None:
    assert refusals(make_recipient(), make_topic()) == ["no_consent"]


def test_a6_interest_in_one_topic_is_none_in_another() -> None:
    recipient, _topic = welcome()
    assert refusals(recipient, make_topic("Sparkling wines")) == ["no_consent"]


def erase(recipient: Recipient, topic: Topic) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(erased_at=timezone.now())


def stop_all(recipient: Recipient, topic: Topic) -> None:
    suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=recipient)


def bounce(recipient: Recipient, topic: Topic) -> None:
    suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(recipient))


def complain(recipient: Recipient, topic: Topic) -> None:
    suppress(reason=Suppression.Reason.COMPLAINT, by=SYSTEM, recipient=recipient)


def take_a_break(recipient: Recipient, topic: Topic) -> None:
    until = timezone.now() + timedelta(days=30)
    pause(recipient, until=until, source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def flag_in_the_crm(recipient: Recipient, topic: Topic) -> None:
    ContactLink.objects.create(
        source="crm.contact", model_label="crm.Contact", contact_key="1", recipient=recipient,
        is_opted_out=True,
    )  # fmt: skip


def drop_the_topic(recipient: Recipient, topic: Topic) -> None:
    withdraw(recipient, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def write_today(recipient: Recipient, topic: Topic) -> None:
    counted(recipient, 0)


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (erase, ["erased"]),
        (stop_all, ["stopped"]),
        (flag_in_the_crm, ["host_opt_out"]),
        (bounce, ["suppressed"]),
        (complain, ["suppressed"]),
        (drop_the_topic, ["opted_out", "no_consent"]),
        (take_a_break, ["paused"]),
        (write_today, ["capped"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_rule_says_no_for_its_cause(happened: Change, code: list[str]) -> None:
    recipient, topic = welcome()
    happened(recipient, topic)
    assert refusals(recipient, topic) == code


def test_without_an_address_nothing_can_be_sent() -> None:
    assert refusals(*welcome(email=None)) == ["no_address"]


@pytest.mark.parametrize("happened", [bounce, flag_in_the_crm, write_today])
def test_what_befell_an_address_binds_whoever_shares_it(happened: Change) -> None:
    maria, topic = welcome("casa@example.com")
    piero = make_recipient("casa@example.com")
    subscribe(piero, topic)
    happened(maria, topic)
    assert refusals(piero, topic) != []


def test_a_refusal_from_a_message_binds_whoever_shares_the_address() -> None:
    maria, topic = welcome("casa@example.com")
    piero = make_recipient("casa@example.com")
    subscribe(piero, topic)
    withdraw(
        maria, [topic], channel="email", source=Source.ONE_CLICK, by=CUSTOMER,
        address=address_of(maria),
    )  # fmt: skip
    assert refusals(piero, topic) == ["opted_out"]


@pytest.mark.parametrize(("days_ago", "is_capped"), [(0, True), (6, True), (7, False)])
def test_c7_at_most_one_message_in_seven_local_dates(days_ago: int, is_capped: bool) -> None:
    recipient, topic = welcome()
    counted(recipient, days_ago)
    assert refusals(recipient, topic) == (["capped"] if is_capped else [])


def test_c7_the_house_may_allow_more(settings: object) -> None:
    from django.conf import settings as live
    from django.test import override_settings

    recipient, topic = welcome()
    with override_settings(OUTREACH={**live.OUTREACH, "CAP_MESSAGES": 2}):
        counted(recipient, 1)
        assert refusals(recipient, topic) == []
        counted(recipient, 2)
        assert refusals(recipient, topic) == ["capped"]


def test_a_break_that_is_over_does_not_bind() -> None:
    recipient, topic = welcome()
    take_a_break(recipient, topic)
    recipient.pauses.update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    assert refusals(recipient, topic) == []


@pytest.mark.parametrize(
    "happened", [stop_all, take_a_break, write_today, flag_in_the_crm, drop_the_topic]
)
def test_c4_routine_messages_pass_what_binds_commercial_ones(happened: Change) -> None:
    recipient = make_recipient()
    topic = make_topic("Your orders", purpose=Purpose.ROUTINE)
    happened(recipient, topic)
    assert refusals(recipient, topic) == []


@pytest.mark.parametrize("happened", [bounce, complain, erase])
def test_c4_routine_messages_stop_where_nothing_may_go(happened: Change) -> None:
    recipient = make_recipient()
    topic = make_topic("Your orders", purpose=Purpose.ROUTINE)
    happened(recipient, topic)
    assert refusals(recipient, topic) != []
