import pytest

from outreach.eligibility.decide import may_contact
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Objection, Source
from outreach.preferences.told import write_down
from outreach.recipients.models import Recipient
from tests.builders import address_of, make_actor, make_recipient, make_topic

pytestmark = pytest.mark.django_db


def tell(recipient: Recipient, *topics: object, is_wanted: bool, channels: str = "email") -> None:
    write_down(
        recipient,
        list(topics),  # type: ignore[arg-type]
        is_wanted=is_wanted,
        channels=channels.split(),
        source=Source.STAFF,
        by=make_actor(),
        wording="Please",
        note="at the fair",
    )


def test_b7_a_wish_is_kept_with_its_words_on_each_channel() -> None:
    maria, topic = make_recipient(), make_topic()
    tell(maria, topic, is_wanted=True, channels="email post")
    records = ConsentRecord.objects.select_related("evidence").order_by("channel")
    assert [(row.channel, row.evidence.wording, row.evidence.note) for row in records] == [
        ("email", "Please", "at the fair"),
        ("post", "Please", "at the fair"),
    ]
    assert may_contact(maria, topic, "email").is_allowed


def test_a_refusal_binds_the_address_too() -> None:
    maria, piero, topic = make_recipient("casa@example.com"), make_recipient(), make_topic()
    tell(piero, topic, is_wanted=True)
    tell(maria, topic, is_wanted=False)
    twin = make_recipient("casa@example.com")
    tell(twin, topic, is_wanted=True)
    assert [rule.code for rule in may_contact(twin, topic, "email").refused_by] == ["opted_out"]
    assert may_contact(piero, topic, "email").is_allowed


def test_a_wish_takes_back_what_the_same_person_refused() -> None:
    maria, topic = make_recipient(), make_topic()
    tell(maria, topic, is_wanted=False)
    tell(maria, topic, is_wanted=True)
    assert may_contact(maria, topic, "email").is_allowed


def test_a_wish_does_not_take_back_what_somebody_else_refused_at_the_address() -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    refused, own = make_topic("A"), make_topic("B")
    withdraw(
        piero,
        [refused],
        channel="email",
        source=Source.ONE_CLICK,
        by=make_actor(),
        address=address_of(piero),
    )
    tell(maria, own, is_wanted=False)
    tell(maria, refused, own, is_wanted=True)
    assert list(Objection.objects.values_list("topic", flat=True)) == [refused.pk]
    assert not may_contact(maria, refused, "email").is_allowed
    assert may_contact(maria, own, "email").is_allowed


def test_without_an_address_the_person_alone_is_bound() -> None:
    maria, topic = make_recipient(None), make_topic()
    tell(maria, topic, is_wanted=False, channels="phone")
    assert ConsentRecord.objects.get().address is None
    assert not Objection.objects.exists()


def test_a_refusal_binds_an_address_that_somebody_else_refused_already() -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    topic = make_topic()
    tell(piero, topic, is_wanted=False)
    tell(maria, topic, is_wanted=False)
    tell(piero, topic, is_wanted=True)
    assert not may_contact(piero, topic, "email").is_allowed
