import pytest

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.history.record import history_of
from outreach.preferences.choices import choices_of
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import ConsentRecord, Objection, Source, Subscription
from outreach.recipients.models import Channel
from tests.builders import address_of, make_recipient, make_topic

pytestmark = pytest.mark.django_db


def test_b1_what_a_person_asked_for_is_kept_with_its_words() -> None:
    maria, topic = make_recipient(), make_topic()
    grant(
        maria, [topic], channel=Channel.EMAIL, source=Source.STAFF, by=SYSTEM,
        wording="Yes, invite me to tastings", note="at the fair in Alba",
    )  # fmt: skip
    row = ConsentRecord.objects.get()
    assert (row.act, row.source) == ("grant", "staff")
    assert row.evidence.wording == "Yes, invite me to tastings"
    assert Subscription.objects.get(recipient=maria).is_granted
    assert history_of(maria).get().verb == "consent.grant"


def test_the_last_act_decides_and_the_ledger_keeps_all() -> None:
    maria, topic = make_recipient(), make_topic()
    for act in (grant, withdraw, grant, withdraw):
        act(maria, [topic], channel=Channel.EMAIL, source=Source.PHONE, by=SYSTEM)
    assert not Subscription.objects.get(recipient=maria).is_granted
    assert ConsentRecord.objects.count() == 4


def test_a_refusal_from_a_message_binds_the_address_too() -> None:
    maria, piero = make_recipient("casa@example.com"), make_recipient("casa@example.com")
    topic, address = make_topic(), address_of(maria)
    withdraw(
        maria, [topic], channel=Channel.EMAIL, source=Source.ONE_CLICK, by=CUSTOMER,
        address=address,
    )  # fmt: skip
    assert Objection.objects.get().address == address
    assert choices_of(piero, address)[0].wanted == {"email": False}
    assert choices_of(piero)[0].wanted == {}


def test_asking_again_from_the_address_takes_the_refusal_back() -> None:
    maria, topic = make_recipient(), make_topic()
    for act in (withdraw, grant):
        act(
            maria, [topic], channel=Channel.EMAIL, source=Source.PREFERENCE_PAGE, by=CUSTOMER,
            address=address_of(maria),
        )  # fmt: skip
    assert not Objection.objects.exists()
    assert choices_of(maria, address_of(maria))[0].wanted == {"email": True}


def test_topics_are_chosen_one_by_one() -> None:
    maria, one, other = make_recipient(), make_topic("One"), make_topic("Other")
    grant(maria, [one, other], channel=Channel.EMAIL, source=Source.STAFF, by=SYSTEM)
    withdraw(maria, [one], channel=Channel.EMAIL, source=Source.STAFF, by=SYSTEM)
    assert {c.topic.name: c.wanted for c in choices_of(maria)} == {
        "One": {"email": False},
        "Other": {"email": True},
    }
