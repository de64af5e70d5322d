"""Two at once do what one would: row locks, seen from real threads."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections

from outreach.conversations.answer import answer
from outreach.conversations.keep import keep_payload
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.conversations.take import take, take_new
from outreach.history.record import history_of
from outreach.links.reply import reply_address
from outreach.preferences.models import Suppression
from outreach.sla.clock import sweep
from outreach.sla.models import Clock
from outreach.tracking.apply import apply
from outreach.tracking.models import ProviderEvent
from tests.builders import make_actor, make_recipient, make_sender
from tests.conversations.mails import mail
from tests.dispatch.providers import Provider
from tests.tracking.reports import sent_attempt

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*jobs: Callable[[], object]) -> None:
    """Run all at the same moment, each on a connection of its own; raises what one raised."""
    start, errors = Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            job()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if errors:
        raise errors[0]


def heard(text: str = "Hello") -> Conversation:
    conversation = Conversation.objects.create(
        recipient=make_recipient(), owner=make_sender(), subject="x"
    )
    Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        state=Message.State.RECEIVED,
        from_address="maria@example.com",
        to_address="x@example.com",
        text=text,
    )
    return conversation


def test_statement_3_a_button_pressed_twice_at_once_sends_once() -> None:
    conversation, anna, key = heard(), make_actor("anna"), uuid4()
    together(*[lambda: answer(conversation, "Yes.", by=anna, key=key)] * 4)
    assert len(Provider.sent) == 1
    assert Message.objects.filter(direction=Message.Direction.OUT).count() == 1


def test_two_replies_at_once_make_one_conversation() -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    address = reply_address("d", attempt.key)
    kept = [keep_payload(mail(address, text=str(number)), "Postmark") for number in range(4)]
    together(*[lambda each=each: take(each) for each in kept])
    assert Conversation.objects.count() == 1
    assert Message.objects.count() == 4


def test_the_same_mail_taken_twice_at_once_is_one_message() -> None:
    keep_payload(mail(), "Postmark")
    together(take_new, take_new, take_new)
    assert Message.objects.count() == 1
    assert InboundMail.objects.get().state == InboundMail.State.TAKEN


def test_the_same_mail_kept_twice_at_once_is_kept_once() -> None:
    body = mail()
    together(*[lambda: keep_payload(body, "Postmark")] * 4)
    assert InboundMail.objects.count() == 1


def test_a_clock_starts_and_stops_once_however_many_look_after_it() -> None:
    conversations = [heard(str(number)) for number in range(5)]
    together(sweep, sweep, sweep)
    assert Clock.objects.count() == 5
    for each in conversations:
        answer(each, "Yes.", by=make_actor("anna"))
    together(sweep, sweep, sweep)
    assert Clock.objects.filter(running_slot=None).count() == 5
    for each in conversations:
        assert history_of(each).filter(verb="answered").count() == 1


def test_a_report_applied_twice_at_once_counts_once() -> None:
    attempt = sent_attempt(make_recipient("maria@example.com"))
    event = ProviderEvent.objects.create(
        provider="Postmark",
        event_type="bounced",
        bounce_type="HardBounce",
        subject_kind="outreach_attempt",
        subject_key=attempt.key.hex,
        happened_at=attempt.claimed_at,
        dedupe_key="x",
    )
    together(*[lambda: apply(event)] * 4)
    assert Suppression.objects.count() == 1
    event.refresh_from_db()
    assert event.state == ProviderEvent.State.APPLIED
