"""The doctor has to see each thing that must never be: every test here breaks one, by force."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from outreach.approvals.models import ApprovalRequest, Decision
from outreach.campaigns.models import Contributor
from outreach.conversations.models import Conversation, Message
from outreach.dispatch.send import send_run
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.preferences.models import ConsentRecord, Objection, Subscription, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from outreach.sla.models import Clock
from outreach.workplace.doctor import examine
from tests.builders import make_recipient, start_campaign

pytestmark = pytest.mark.django_db
AGO = timedelta(hours=30)


@pytest.fixture(autouse=True)
def _provider() -> Iterator[None]:
    path = "tests.dispatch.providers.Provider"
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        yield


@pytest.fixture
def sent() -> Run:
    """A run of two people, sent."""
    run = start_campaign(make_recipient(), make_recipient())
    send_run(run)
    run.refresh_from_db()
    return run


@pytest.fixture
def clock(sent: Run) -> Clock:
    """A person's message of yesterday on a running clock that is late, as on record."""
    at = timezone.now() - AGO
    conversation = Conversation.objects.create(subject="Train?")
    message = _message(conversation, "in", "received", at)
    return Clock.objects.create(
        conversation=conversation,
        running_slot=conversation,
        started_by=message,
        started_at=at,
        due_at=at + timedelta(hours=24),
        breached_at=at + timedelta(hours=24),
    )


def _message(conversation: Conversation, direction: str, state: str, at: datetime) -> Message:
    return Message.objects.create(
        conversation=conversation, direction=direction, state=state, at=at, accepted_at=at, text="…"
    )


def violated() -> set[str]:
    return {finding.statement.sentence for finding in examine() if finding.violations}


def test_after_a_run_nothing_is_violated(sent: Run, clock: Clock) -> None:
    assert violated() == set()


def deliveries() -> list[Delivery]:
    return list(Delivery.objects.order_by("pk"))


def forget_events() -> None:
    DeliveryEvent.objects.all().delete()


def open_again() -> None:
    Delivery.objects.update(state="planned")


def attempt_again() -> None:
    delivery = deliveries()[0]
    Attempt.objects.create(delivery=delivery, number=2)


def stop_yesterday() -> None:
    person = Recipient.objects.first()
    suppress(reason=Suppression.Reason.MANUAL, by=SYSTEM, recipient=person)
    Suppression.objects.update(since_at=timezone.now() - AGO)


def erase_yesterday() -> None:
    Recipient.objects.update(erased_at=timezone.now() - AGO)


def refuse_yesterday() -> None:
    Subscription.objects.update(is_granted=False, since_at=timezone.now() - AGO)


def object_yesterday() -> None:
    delivery = deliveries()[0]
    assert delivery.address is not None
    Objection.objects.create(
        address=delivery.address,
        topic=delivery.run.campaign.topic,
        record=ConsentRecord.objects.all()[0],
        since_at=timezone.now() - AGO,
    )


def shrink_the_count() -> None:
    Run.objects.update(included=1)


def forget_the_approval() -> None:
    Decision.objects.all().delete()


def void_the_approval() -> None:
    ApprovalRequest.objects.update(state="voided")


def approve_as_author() -> None:
    decision = Decision.objects.get()
    Contributor.objects.create(
        campaign=decision.request.campaign, actor_key=decision.by_key, actor_name=decision.by
    )


def change_the_fold() -> None:
    Subscription.objects.update(is_granted=False)


def forget_the_fold() -> None:
    Subscription.objects.all().delete()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (forget_events, "Every delivery that moved has its event"),
        (open_again, "In a run that is over every delivery has its end"),
        (attempt_again, "Nothing is handed over again that may have gone out"),
        (stop_yesterday, "Nothing was taken up after a stop"),
        (erase_yesterday, "Nothing was taken up after an erasure"),
        (refuse_yesterday, "Nothing was taken up after the topic was refused"),
        (object_yesterday, "Nothing was taken up after the topic was refused"),
        (shrink_the_count, "No audience grew after it was worked out"),
        (forget_the_approval, "Nothing was sent without an approval of what was sent"),
        (forget_the_approval, "Every decided request has its decision"),
        (void_the_approval, "Nothing was sent without an approval of what was sent"),
        (approve_as_author, "Nobody approved what they wrote or submitted"),
        (change_the_fold, "Every subscription is the fold of the ledger"),
        (forget_the_fold, "Every act in the ledger is folded"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_doctor_sees_what_must_not_be(
    sent: Run, broken: Callable[[], None], sentence: str
) -> None:
    broken()
    assert sentence in violated()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"started_by": None}, "Every person's message has its clock or its answer"),
        ({"breached_at": None}, "Every late answer is on record as late"),
    ],
)
def test_the_doctor_sees_an_answer_that_nobody_watches(
    clock: Clock, changes: dict[str, object], sentence: str
) -> None:
    if "started_by" in changes:
        clock.delete()
    else:
        Clock.objects.update(**changes)
    assert sentence in violated()


def test_statement_11_the_doctor_sees_a_clock_that_no_answer_stopped(clock: Clock) -> None:
    at = timezone.now() - timedelta(hours=1)
    refused = _message(clock.conversation, "out", "refused", at)
    Clock.objects.update(stopped_by=refused, stopped_at=at, running_slot=None)
    assert "Only a person's answer that went out stops a clock" in violated()


def test_statement_10_the_doctor_sees_machines_that_talk(clock: Clock) -> None:
    now = timezone.now()
    _message(clock.conversation, "in", "received", now)
    _message(clock.conversation, "out", "accepted", now)
    Message.objects.filter(at=now).update(is_automatic=True)
    assert "No automatic message answers an automatic one" in violated()


def test_the_command_says_each_statement_and_fails_where_one_does_not_hold(sent: Run) -> None:
    said = StringIO()
    call_command("outreach_doctor", stdout=said)
    assert said.getvalue().endswith("No violation.\n")
    forget_events()
    said = StringIO()
    with pytest.raises(CommandError, match="1 of the statements"):
        call_command("outreach_doctor", stdout=said)
    assert "BAD 13  Every delivery that moved has its event: 2 not so" in said.getvalue()


def test_the_doctor_writes_nothing(sent: Run) -> None:
    def refuse_writes(execute: Callable[..., object], sql: str, *args: object) -> object:
        assert sql.lstrip().upper().startswith("SELECT")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse_writes):
        examine()
