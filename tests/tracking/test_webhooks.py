"""B2: what the provider reports comes in by Anymail's own webhook, and has its effect once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from anymail.signals import tracking
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.utils import timezone

from outreach.ledger.models import Delivery, DeliveryEvent
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import lift
from outreach.recipients.models import Recipient
from outreach.tracking import apply as applying
from outreach.tracking import attempts, subjects
from outreach.tracking.apply import sweep, take_again
from outreach.tracking.models import ProviderEvent
from tests.builders import address_of, make_actor, make_recipient
from tests.tracking.reports import (
    COMPLAINT,
    DELIVERED,
    HARD,
    SOFT,
    STOPPED,
    about,
    post,
    sent_attempt,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.tracking.urls")]


@pytest.fixture
def maria() -> Recipient:
    return make_recipient("maria@example.com")


def only_event() -> ProviderEvent:
    return ProviderEvent.objects.get()


def stops() -> list[str]:
    return list(Suppression.objects.filter(lifted_at=None).values_list("reason", flat=True))


def test_b2_a_delivery_report_marks_the_delivery(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    assert post(client, about(attempt, DELIVERED)) == 200
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.state == Delivery.State.DELIVERED
    assert only_event().state == ProviderEvent.State.APPLIED
    assert stops() == []


def test_b2_a_hard_bounce_suppresses_the_address(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    post(client, about(attempt, HARD))
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.state == Delivery.State.BOUNCED
    stop = Suppression.objects.get()
    assert (stop.reason, stop.address, stop.recipient) == (
        Suppression.Reason.HARD_BOUNCE,
        address_of(maria),
        None,
    )


def test_b2_a_soft_bounce_suppresses_nobody(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    post(client, about(attempt, SOFT))
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.state == Delivery.State.SOFT_BOUNCED
    assert stops() == []


def test_a_complaint_stops_the_person_and_the_address(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    post(client, about(attempt, COMPLAINT))
    stop = Suppression.objects.get()
    assert (stop.reason, stop.address, stop.recipient) == (
        Suppression.Reason.COMPLAINT,
        address_of(maria),
        maria,
    )
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.complained_at is not None


def test_an_unsubscribe_at_the_provider_counts_as_one_here(
    client: Client, maria: Recipient
) -> None:
    post(client, about(sent_attempt(maria), STOPPED))
    assert stops() == [Suppression.Reason.UNSUBSCRIBED]
    assert DeliveryEvent.objects.filter(kind=DeliveryEvent.Kind.UNSUBSCRIBED).count() == 1


def test_the_detail_kept_with_a_delivery_holds_no_address(client: Client, maria: Recipient) -> None:
    post(client, about(sent_attempt(maria), HARD))
    event = DeliveryEvent.objects.get(kind=DeliveryEvent.Kind.HARD_BOUNCED)
    assert event.detail == "HardBounce 5.1.1"


def test_a_repeated_webhook_is_one_report(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    for _again in range(3):
        assert post(client, about(attempt, HARD)) == 200
    assert ProviderEvent.objects.count() == 1
    assert DeliveryEvent.objects.filter(kind=DeliveryEvent.Kind.HARD_BOUNCED).count() == 1


def test_a_repeat_does_not_undo_what_staff_lifted(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    post(client, about(attempt, HARD))
    lift(Suppression.objects.get(), by=make_actor(), why="they mended their server")
    post(client, about(attempt, HARD))
    post(client, about(attempt, {**HARD, "ID": 17}))
    assert stops() == []


def test_an_id_that_stands_for_several_recipients_makes_several_reports(client: Client) -> None:
    first = sent_attempt(make_recipient("one@example.com"))
    second = sent_attempt(make_recipient("two@example.com"))
    post(client, about(first, {**HARD, "Email": "one@example.com"}))
    post(client, about(second, {**HARD, "Email": "two@example.com"}))
    assert ProviderEvent.objects.count() == 2


def test_without_metadata_the_providers_id_tells_the_message(
    client: Client, maria: Recipient
) -> None:
    attempt = sent_attempt(maria, "00000000-feed")
    post(client, {**HARD, "MessageID": "00000000-feed"})
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.state == Delivery.State.BOUNCED


def test_an_id_that_two_messages_share_tells_of_neither(client: Client) -> None:
    for name in ("one", "two"):
        sent_attempt(make_recipient(f"{name}@example.com"), "shared")
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        post(client, {**HARD, "MessageID": "shared"})
    sweep()
    assert only_event().state == ProviderEvent.State.UNMATCHED
    assert stops() == []


def test_a_report_may_be_faster_than_our_own_record_of_the_id(
    client: Client, maria: Recipient
) -> None:
    attempt = sent_attempt(maria)
    post(client, {**HARD, "MessageID": "late"})
    assert only_event().state == ProviderEvent.State.NEW
    type(attempt).objects.filter(pk=attempt.pk).update(provider_message_id="late")
    assert sweep() == 1
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


@pytest.mark.parametrize(
    "metadata", [{"outreach_attempt": "0" * 32}, {"outreach_attempt": "no key"}, {}]
)
def test_a_report_on_no_message_of_ours_is_kept_and_harmless(
    client: Client, metadata: dict[str, str]
) -> None:
    assert post(client, {**HARD, "MessageID": "", "Metadata": metadata}) == 200
    assert only_event().state == ProviderEvent.State.UNMATCHED
    assert stops() == []


def test_what_no_database_takes_is_replaced(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    nasty = {"Details": "smtp;550 5.1.1 a\x00b\ud800", "Description": "x\x00" * 500}
    assert post(client, about(attempt, {**HARD, **nasty})) == 200
    assert "\x00" not in only_event().smtp_reply
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


def test_nobody_reports_without_the_secret(client: Client, maria: Recipient) -> None:
    attempt = sent_attempt(maria)
    assert post(client, about(attempt, HARD), secret="guessed:wrong") == 400
    assert not ProviderEvent.objects.exists()


def test_what_fails_is_shown_to_staff_and_can_be_taken_in_again(
    client: Client, maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = sent_attempt(maria)
    with monkeypatch.context() as patched:
        patched.setitem(subjects._takers, attempts.METADATA_NAME, _raising(ValueError("no idea")))
        assert post(client, about(attempt, HARD)) == 200
    failed = only_event()
    assert (failed.state, failed.error) == (ProviderEvent.State.FAILED, "ValueError: no idea")
    assert sweep() == 0
    assert take_again([failed.pk]) == 1
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


def test_a_busy_database_leaves_it_for_the_sweep(
    client: Client, maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = sent_attempt(maria)
    with monkeypatch.context() as patched:
        busy = _raising(OperationalError("database is locked"))
        patched.setitem(subjects._takers, attempts.METADATA_NAME, busy)
        assert post(client, about(attempt, HARD)) == 200
    assert only_event().state == ProviderEvent.State.NEW
    assert sweep() == 1
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


def test_effects_are_undone_together_when_one_fails(
    client: Client, maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = sent_attempt(maria)
    monkeypatch.setattr(attempts, "suppress", _raising(ValueError("no")))
    post(client, about(attempt, HARD))
    attempt.delivery.refresh_from_db()
    assert attempt.delivery.state == Delivery.State.SENT


def test_what_cannot_be_stored_makes_the_provider_send_it_again(
    client: Client, maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = about(sent_attempt(maria), HARD)
    client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(ProviderEvent, "save", _raising(DatabaseError("disk full")))
        assert post(client, body) == 500
    assert post(client, body) == 200
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


def test_after_a_crash_the_sweep_takes_in_what_was_stored(
    client: Client, maria: Recipient, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = sent_attempt(maria)
    with monkeypatch.context() as patched:
        patched.setattr("outreach.tracking.receivers.apply", lambda event: False)
        post(client, about(attempt, HARD))
    assert stops() == []
    assert sweep() == 1
    assert sweep() == 0
    assert stops() == [Suppression.Reason.HARD_BOUNCE]


def test_two_that_take_the_same_report_apply_it_once(maria: Recipient, client: Client) -> None:
    post(client, about(sent_attempt(maria), HARD))
    stale = only_event()
    assert not applying.apply(stale)


def test_one_receiver_listens() -> None:
    ours = [key for key, *_rest in tracking.receivers if key[0] == "outreach.tracking"]
    assert len(ours) == 1


def _raising(error: Exception) -> Any:
    def stand_in(*args: object, **kwargs: object) -> None:
        raise error

    return stand_in
