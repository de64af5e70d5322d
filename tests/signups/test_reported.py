"""B2: what becomes of our one message is taken in, even while nobody is a person of ours yet."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from outreach.eligibility.decide import may_contact
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import lift
from outreach.recipients.models import Address, Recipient
from outreach.signups import mails
from outreach.signups.keep import forget_person
from outreach.signups.models import SignUp
from outreach.tracking.classify import Effect
from outreach.tracking.subjects import Report, hand_out, named_in
from tests.builders import make_actor, make_topic
from tests.signups.making import MARIA, go_through, mail_of, make_form, pending

pytestmark = pytest.mark.django_db


def report(row: SignUp, effect: Effect) -> bool:
    kind, key = named_in({"outreach_sign_up": row.key.hex})
    assert key == row.key.hex
    return hand_out(
        kind,
        Report(effect=effect, key=row.key, message_id="", at=timezone.now(), detail="5.1.1"),
    )


def test_the_message_carries_the_key_that_reports_name(
    outbox: list[EmailMultiAlternatives],
) -> None:
    row = pending()
    mails.sweep()
    assert getattr(mail_of(outbox), "metadata", None) in (None, {"outreach_sign_up": row.key.hex})


@pytest.mark.parametrize(
    ("effect", "reason"), [(Effect.HARD, "hard_bounce"), (Effect.COMPLAINT, "complaint")]
)
def test_before_anybody_confirmed_a_hash_is_enough_to_stop(effect: Effect, reason: str) -> None:
    row = pending()
    assert report(row, effect)
    stop = Suppression.objects.get()
    assert (stop.reason, stop.recipient) == (reason, None)
    assert Address.objects.get().value == ""
    assert not Recipient.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.address_value) == (SignUp.State.EXPIRED, "")


def test_who_marked_our_question_as_spam_is_not_asked_again(
    outbox: list[EmailMultiAlternatives],
) -> None:
    report(pending(), Effect.COMPLAINT)
    pending()
    mails.sweep()
    assert not outbox


def test_whoever_comes_after_a_bounce_is_asked_and_known_by_the_same_address(
    client: Client,
) -> None:
    report(pending(), Effect.HARD)
    topic = make_topic()
    row = go_through(client, make_form(topic))
    assert row.recipient is not None
    assert Address.objects.get().value == MARIA
    assert may_contact(row.recipient, topic, "email").is_allowed


@pytest.mark.parametrize("effect", [Effect.COMPLAINT, Effect.UNSUBSCRIBED, Effect.HARD])
def test_after_confirming_it_binds_the_person(client: Client, effect: Effect) -> None:
    topic = make_topic()
    row = go_through(client, make_form(topic))
    assert row.recipient is not None
    assert report(row, effect)
    assert not may_contact(row.recipient, topic, "email").is_allowed


def test_a_repeat_does_not_undo_what_staff_lifted() -> None:
    row = pending()
    report(row, Effect.HARD)
    lift(Suppression.objects.get(), by=make_actor(), why="The address is right again.")
    report(row, Effect.HARD)
    assert Suppression.objects.get().lifted_at is not None


def test_what_stops_nothing_and_whom_nobody_knows() -> None:
    row = pending()
    for effect in (Effect.DELIVERED, Effect.SOFT, Effect.NONE):
        assert report(row, effect)
    assert not Suppression.objects.exists()
    assert not report(SignUp(), Effect.HARD)


def test_b12_erasing_somebody_forgets_what_they_asked_for(client: Client) -> None:
    row = go_through(client, make_form())
    SignUp.objects.filter(pk=row.pk).update(note="gave me her card")
    waiting = pending()
    assert row.recipient is not None
    assert forget_person(row.recipient) == 2
    for each in (row, waiting):
        each.refresh_from_db()
        assert (each.note, each.address_value, each.address_hash) == ("", "", "")
