"""B1, D2: what somebody agreed to, when, where and in which words can be shown years later."""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from outreach.exceptions import Refused
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.evidence import Origin, erase_evidence
from outreach.preferences.models import (
    Basis,
    ConsentEvidence,
    ConsentRecord,
    Source,
    Subscription,
    Wording,
)
from outreach.preferences.our_words import our_words
from outreach.recipients.models import Channel
from tests.builders import make_actor, make_recipient, make_topic

pytestmark = pytest.mark.django_db
EMAIL = Channel.EMAIL
WORDS = "Yes, write to me about tastings"


def test_b1_all_of_an_act_is_on_record() -> None:
    maria, topic, anna = make_recipient(), make_topic(), make_actor()
    (act,) = grant(
        maria, [topic], channel=EMAIL, source=Source.STAFF, by=anna,
        wording=our_words(WORDS, language="en", version="2024-05"), note="Card 17, Alba",
        basis=Basis.INTEREST, given_on=date(2024, 5, 3),
    )  # fmt: skip
    act.refresh_from_db()
    assert (act.recipient, act.topic, act.channel, act.act) == (maria, topic, "email", "grant")
    assert (act.source, act.basis, act.given_on) == ("staff", "interest", date(2024, 5, 3))
    assert (act.actor_key, act.valid_until) == (anna.key, None)
    assert (act.in_which_words, act.evidence.note) == (WORDS, "Card 17, Alba")
    assert str(Basis.INTEREST.label) == "they showed that they are interested, and it is documented"


def test_b12_words_of_ours_outlive_the_evidence_and_their_own_do_not() -> None:
    maria, topic = make_recipient(), make_topic()
    (ours,) = grant(
        maria, [topic], channel=EMAIL, source=Source.FORM, by=CUSTOMER,
        wording=our_words(WORDS), note="sent by maria@example.com",
    )  # fmt: skip
    (theirs,) = grant(
        maria, [topic], channel=Channel.SMS, source=Source.PHONE, by=SYSTEM,
        wording="Do call me, I am at home with my sister Luisa",
    )  # fmt: skip
    assert erase_evidence(maria) == 2
    assert not ConsentEvidence.objects.exists()
    words = [ConsentRecord.objects.get(pk=act.pk).in_which_words for act in (ours, theirs)]
    assert words == [WORDS, ""]
    assert ConsentRecord.objects.count() == 2


def test_the_same_words_are_kept_once() -> None:
    first = our_words(WORDS, language="en", version="1")
    assert our_words(WORDS, language="en", version="2") == first
    assert our_words(WORDS, language="it") != first
    assert Wording.objects.count() == 2


def test_the_ledger_holds_opaque_keys_alone() -> None:
    """Nothing that somebody wrote can get into a column of it."""
    texts = {
        field.name
        for field in ConsentRecord._meta.local_concrete_fields
        if field.get_internal_type() in {"TextField", "CharField"} and not field.choices
    }
    assert texts == {"actor_key"}


@pytest.mark.parametrize("keep_ip", [False, True])
def test_b12_where_a_form_was_sent_from_is_kept_only_if_the_host_says_so(keep_ip: bool) -> None:
    with override_settings(OUTREACH={**settings.OUTREACH, "KEEP_IP": keep_ip}):
        (act,) = grant(
            make_recipient(), [make_topic()], channel=EMAIL, source=Source.FORM, by=CUSTOMER,
            note="page 2", origin=Origin(ip="203.0.113.7", user_agent="Firefox"),
        )  # fmt: skip
    kept = ConsentEvidence.objects.get(record=act)
    assert (kept.ip, kept.user_agent) == (("203.0.113.7", "Firefox") if keep_ip else (None, ""))


@pytest.mark.parametrize("written", ["", "unknown", "1.2.3.4, 5.6.7.8", "x" * 900, "\0"])
@override_settings(OUTREACH={**settings.OUTREACH, "KEEP_IP": True})
def test_an_address_that_is_none_is_not_kept_and_breaks_nothing(written: str) -> None:
    (act,) = grant(
        make_recipient(), [make_topic()], channel=EMAIL, source=Source.FORM, by=CUSTOMER,
        origin=Origin(ip=written, user_agent="agent" + written),
    )  # fmt: skip
    kept = ConsentEvidence.objects.get(record=act)
    assert kept.ip is None
    assert kept.user_agent.startswith("agent")


def test_a_wish_has_a_basis_and_a_refusal_needs_none() -> None:
    maria, topic = make_recipient(), make_topic()
    for fields in ({"act": "grant"}, {"act": "withdraw", "basis": "consent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsentRecord.objects.create(
                recipient=maria, topic=topic, channel=EMAIL, source="staff", **fields
            )
    (act,) = withdraw(maria, [topic], channel=EMAIL, source=Source.PHONE, by=SYSTEM)
    assert act.basis == ""


def test_the_same_topic_twice_is_one_act() -> None:
    maria, topic = make_recipient(), make_topic()
    assert len(grant(maria, [topic, topic], channel=EMAIL, source=Source.FORM, by=CUSTOMER)) == 1
    assert grant(maria, [], channel=EMAIL, source=Source.FORM, by=CUSTOMER) == []


def test_a_wish_counts_as_long_as_its_topic_says() -> None:
    maria, topic = make_recipient(), make_topic(valid_for=30)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        (act,) = grant(maria, [topic], channel=EMAIL, source=Source.FORM, by=CUSTOMER)
    assert act.valid_until == now + timedelta(days=30)
    assert Subscription.objects.get().valid_until == act.valid_until


def test_b1_days_begin_when_it_was_said_not_when_it_was_brought_in() -> None:
    maria, topic = make_recipient(), make_topic(valid_for=30)
    today = timezone.localdate()
    (act,) = grant(
        maria, [topic], channel=EMAIL, source=Source.IMPORT, by=SYSTEM,
        given_on=today - timedelta(days=20),
    )  # fmt: skip
    assert act.valid_until is not None
    assert 9 <= (act.valid_until - timezone.now()).days <= 11
    with pytest.raises(Refused, match="counts no more"):
        grant(
            maria, [topic], channel=EMAIL, source=Source.IMPORT, by=SYSTEM,
            given_on=today - timedelta(days=32),
        )  # fmt: skip
    assert ConsentRecord.objects.count() == 1


def test_a_wish_that_would_be_over_is_refused() -> None:
    with pytest.raises(Refused):
        grant(
            make_recipient(), [make_topic()], channel=EMAIL, source=Source.STAFF, by=SYSTEM,
            valid_until=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("source", [Source.IMPORT, Source.HOST_FLAG, Source.PROVIDER])
def test_b1_what_is_brought_in_never_takes_back_a_refusal(source: str) -> None:
    maria, one, other = make_recipient(), make_topic("One"), make_topic("Other")
    withdraw(maria, [one], channel=EMAIL, source=Source.PHONE, by=SYSTEM)
    acts = grant(maria, [one, other], channel=EMAIL, source=source, by=SYSTEM)
    assert [act.topic for act in acts] == [other]
    assert not Subscription.objects.get(topic=one).is_granted
