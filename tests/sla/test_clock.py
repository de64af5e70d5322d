"""B4 and statements 11 and 12: who writes gets an answer in time, or it is on record."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from outreach.calendars.models import BusinessCalendar, Closure
from outreach.conversations.models import Conversation, Message
from outreach.history.record import history_of
from outreach.signals import message_received
from outreach.sla.clock import record_breaches, start_clocks, stop_clocks, sweep
from outreach.sla.measure import Measured, measure
from outreach.sla.models import Clock, ReplyPolicy
from outreach.sla.reopen import reopen_bounced
from outreach.workplace.doctor import examine
from tests.builders import make_recipient

pytestmark = pytest.mark.django_db

State = Message.State
FRIDAY = datetime(2026, 5, 8, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_friday() -> Iterator[None]:
    with time_machine.travel(FRIDAY, tick=False):
        yield


@pytest.fixture
def conversation() -> Conversation:
    return Conversation.objects.create(recipient=make_recipient(), subject="Sunday?")


def hear(
    conversation: Conversation, at: datetime = FRIDAY, *, is_automatic: bool = False
) -> Message:
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        state=State.RECEIVED,
        is_automatic=is_automatic,
        from_address="maria@example.com",
        to_address="anna@example.com",
        text="Is Sunday possible?",
        at=at,
    )


def say(
    conversation: Conversation, at: datetime, *, state: str = State.ACCEPTED, **fields: object
) -> Message:
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.OUT,
        state=state,
        from_address="anna@example.com",
        to_address="maria@example.com",
        text="Yes.",
        author_key="1",
        at=at,
        accepted_at=at if state == State.ACCEPTED else None,
        **fields,
    )


def come_back(answer: Message) -> None:
    Message.objects.filter(pk=answer.pk).update(state=State.BOUNCED)


def only_clock() -> Clock:
    return Clock.objects.get()


def weekdays(**fields: object) -> BusinessCalendar:
    return BusinessCalendar.objects.create(name="Cellar", time_zone="UTC", **fields)


def test_b4_a_person_s_message_starts_a_clock(conversation: Conversation) -> None:
    message = hear(conversation)
    assert start_clocks() == 1
    clock = only_clock()
    assert (clock.started_by, clock.running_slot) == (message, conversation)
    assert clock.started_at == message.at
    assert clock.due_at == FRIDAY + 24 * HOUR


def test_b4_closed_days_do_not_count(conversation: Conversation) -> None:
    ReplyPolicy.objects.create(calendar=weekdays())
    hear(conversation)
    start_clocks()
    assert only_clock().due_at == datetime(2026, 5, 11, 10, 0, tzinfo=UTC)


def test_b4_without_a_calendar_of_its_own_the_default_one_counts(
    conversation: Conversation,
) -> None:
    weekdays(is_default=True)
    hear(conversation)
    start_clocks()
    assert only_clock().due_at == datetime(2026, 5, 11, 10, 0, tzinfo=UTC)


def test_b4_a_calendar_that_never_opens_stops_no_clock(conversation: Conversation) -> None:
    closed = Closure(starts_on=FRIDAY.date(), ends_on=FRIDAY.date() + 900 * 24 * HOUR, reason="x")
    closed.calendar = weekdays(is_default=True)
    closed.save()
    hear(conversation)
    start_clocks()
    assert only_clock().due_at == FRIDAY + 24 * HOUR


def test_b4_a_policy_says_how_long_it_may_take(conversation: Conversation) -> None:
    ReplyPolicy.objects.create(first_response_within=4 * HOUR)
    hear(conversation)
    start_clocks()
    assert only_clock().due_at == FRIDAY + 4 * HOUR


def test_an_edit_of_the_policy_moves_no_clock(conversation: Conversation) -> None:
    policy = ReplyPolicy.objects.create(first_response_within=4 * HOUR)
    hear(conversation)
    start_clocks()
    policy.first_response_within = 90 * HOUR
    policy.save()
    sweep()
    assert only_clock().due_at == FRIDAY + 4 * HOUR


def test_each_tenant_has_its_own_promise(conversation: Conversation) -> None:
    ReplyPolicy.objects.create(tenant="b", first_response_within=4 * HOUR)
    other = Conversation.objects.create(tenant="b", subject="x")
    for each in (conversation, other):
        hear(each)
    assert start_clocks() == 2
    due = dict(Clock.objects.values_list("conversation", "due_at"))
    assert due == {conversation.pk: FRIDAY + 24 * HOUR, other.pk: FRIDAY + 4 * HOUR}


def test_statement_11_a_machine_starts_no_clock(conversation: Conversation) -> None:
    hear(conversation, is_automatic=True)
    assert start_clocks() == 0


def test_one_clock_runs_for_a_conversation(conversation: Conversation) -> None:
    first = hear(conversation)
    hear(conversation, FRIDAY + HOUR)
    assert start_clocks() == 1
    hear(conversation, FRIDAY + 2 * HOUR)
    assert start_clocks() == 0
    assert only_clock().started_by == first


def test_what_was_answered_before_any_clock_ran_gets_none(conversation: Conversation) -> None:
    hear(conversation)
    say(conversation, FRIDAY + HOUR)
    assert start_clocks() == 0


def test_statement_11_an_accepted_answer_stops_the_clock(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    answer = say(conversation, FRIDAY + HOUR)
    say(conversation, FRIDAY + 2 * HOUR)
    assert stop_clocks() == 1
    clock = only_clock()
    assert (clock.stopped_by, clock.stopped_at, clock.running_slot) == (
        answer,
        FRIDAY + HOUR,
        None,
    )
    assert stop_clocks() == 0


@pytest.mark.parametrize(
    "state", [State.SENDING, State.REFUSED, State.UNKNOWN, State.BOUNCED], ids=str
)
def test_statement_11_what_did_not_go_out_stops_nothing(
    conversation: Conversation, state: str
) -> None:
    hear(conversation)
    start_clocks()
    say(conversation, FRIDAY + HOUR, state=state)
    assert stop_clocks() == 0


def test_statement_11_an_automatic_answer_stops_nothing(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    say(conversation, FRIDAY + HOUR, is_automatic=True)
    assert stop_clocks() == 0


def test_statement_11_an_answer_from_before_stops_nothing(conversation: Conversation) -> None:
    say(conversation, FRIDAY - HOUR)
    hear(conversation)
    start_clocks()
    assert stop_clocks() == 0


def test_a_new_message_after_the_answer_starts_a_new_clock(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    say(conversation, FRIDAY + HOUR)
    sweep()
    hear(conversation, FRIDAY + 2 * HOUR)
    assert start_clocks() == 1
    assert Clock.objects.get(running_slot=conversation).due_at == FRIDAY + 26 * HOUR


def test_statement_11_an_answer_that_bounced_lets_the_clock_run_again(
    conversation: Conversation,
) -> None:
    hear(conversation)
    start_clocks()
    answer = say(conversation, FRIDAY + HOUR)
    stop_clocks()
    come_back(answer)
    assert reopen_bounced() == 1
    assert reopen_bounced() == 0
    clock = only_clock()
    assert (clock.running_slot, clock.stopped_by, clock.stopped_at) == (conversation, None, None)
    assert clock.due_at == FRIDAY + 24 * HOUR
    say(conversation, FRIDAY + 3 * HOUR)
    sweep()
    assert only_clock().stopped_at == FRIDAY + 3 * HOUR


def test_statement_11_a_bounce_that_is_answered_again_counts_from_the_second_answer(
    conversation: Conversation,
) -> None:
    hear(conversation)
    start_clocks()
    first = say(conversation, FRIDAY + HOUR)
    stop_clocks()
    say(conversation, FRIDAY + 30 * HOUR)
    come_back(first)
    sweep()
    clock = only_clock()
    assert clock.stopped_at == FRIDAY + 30 * HOUR
    assert clock.breached_at == clock.due_at


def test_an_old_deadline_that_runs_again_takes_the_place_of_a_later_one(
    conversation: Conversation,
) -> None:
    hear(conversation)
    start_clocks()
    answer = say(conversation, FRIDAY + HOUR)
    stop_clocks()
    hear(conversation, FRIDAY + 2 * HOUR)
    start_clocks()
    come_back(answer)
    reopen_bounced()
    assert only_clock().due_at == FRIDAY + 24 * HOUR


def test_statement_12_a_clock_that_is_late_gives_way_to_none(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    answer = say(conversation, FRIDAY + HOUR)
    stop_clocks()
    hear(conversation, FRIDAY + 2 * HOUR)
    start_clocks()
    with time_machine.travel(FRIDAY + 40 * HOUR):
        record_breaches()
        come_back(answer)
        assert reopen_bounced() == 0
        say(conversation, FRIDAY + 41 * HOUR)
        sweep()
        sweep()
    assert Clock.objects.filter(breached_at__isnull=False, stopped_at__isnull=False).count() == 2


def test_statement_12_a_deadline_that_passes_is_a_breach(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    with time_machine.travel(FRIDAY + 24 * HOUR, tick=False):
        assert record_breaches() == 0
    with time_machine.travel(FRIDAY + 24 * HOUR + timedelta(seconds=1)):
        assert record_breaches() == 1
        assert record_breaches() == 0
    assert only_clock().breached_at == FRIDAY + 24 * HOUR


def test_statement_12_a_late_answer_is_a_breach_however_late_it_is_seen(
    conversation: Conversation,
) -> None:
    hear(conversation)
    start_clocks()
    say(conversation, FRIDAY + 25 * HOUR)
    with time_machine.travel(FRIDAY + 26 * HOUR):
        sweep()
    assert only_clock().breached_at == FRIDAY + 24 * HOUR


def test_an_answer_in_time_is_none_however_late_it_is_seen(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    say(conversation, FRIDAY + 23 * HOUR)
    with time_machine.travel(FRIDAY + 48 * HOUR):
        assert record_breaches() == 0
        sweep()
    assert only_clock().breached_at is None


def test_statement_12_a_breach_stays_whatever_comes_later(conversation: Conversation) -> None:
    policy = ReplyPolicy.objects.create(first_response_within=HOUR)
    hear(conversation)
    start_clocks()
    with time_machine.travel(FRIDAY + 2 * HOUR):
        sweep()
        policy.first_response_within = 90 * HOUR
        policy.save()
        answer = say(conversation, FRIDAY + 2 * HOUR)
        sweep()
        come_back(answer)
        sweep()
        say(conversation, FRIDAY + 3 * HOUR)
        sweep()
    assert only_clock().breached_at == FRIDAY + HOUR


def test_a_clock_either_runs_or_was_stopped_by_something(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    for wrong in ({"running_slot": None}, {"stopped_at": FRIDAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Clock.objects.update(**wrong)


def test_what_befell_a_clock_is_in_the_history(conversation: Conversation) -> None:
    hear(conversation)
    start_clocks()
    with time_machine.travel(FRIDAY + 30 * HOUR):
        sweep()
        answer = say(conversation, FRIDAY + 30 * HOUR)
        sweep()
        come_back(answer)
        sweep()
    verbs = history_of(conversation).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["answer late", "answered", "clock reopened"]


def test_many_clocks_are_moved_with_few_questions(django_assert_max_num_queries: object) -> None:
    for number in range(40):
        each = Conversation.objects.create(subject=str(number))
        hear(each)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert sweep() == 40
    for each in Conversation.objects.all():
        say(each, FRIDAY + HOUR)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert sweep() == 40


def test_a_nudge_starts_the_clock_at_once(conversation: Conversation) -> None:
    message = hear(conversation)
    message_received.send(sender=None, message_id=message.pk)
    assert Clock.objects.count() == 1


def test_the_measure_counts_what_is_settled(client: Client) -> None:
    assert measure() == Measured(0, 0)
    assert measure().share is None
    for hours in (1, 30, None):
        each = Conversation.objects.create(subject=str(hours))
        hear(each)
        if hours:
            start_clocks()
            say(each, FRIDAY + hours * HOUR)
    sweep()
    assert measure() == Measured(in_time=1, settled=2)
    with time_machine.travel(FRIDAY + 40 * HOUR):
        assert measure() == Measured(in_time=1, settled=3)
        sweep()
        assert measure() == Measured(in_time=1, settled=3)
        assert measure().share == 1 / 3
        assert measure(since=timezone.now()) == Measured(0, 0)
        assert measure(tenant="b") == Measured(0, 0)


def test_the_doctor_finds_nothing(conversation: Conversation) -> None:
    hear(conversation)
    sweep()
    answer = say(conversation, FRIDAY + HOUR)
    sweep()
    come_back(answer)
    with time_machine.travel(FRIDAY + 40 * HOUR):
        sweep()
        assert [finding.statement for finding in examine() if finding.violations] == []
