"""The only writer of what people tell us in their own words, and of what it is about (D2)."""

import re
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Conflict, Refused
from outreach.history.actor import CUSTOMER, Actor
from outreach.history.record import record
from outreach.preferences.models import Topic
from outreach.preferences.rest_on_words import grant_by_words, withdraw_by_words
from outreach.preferences.wish_models import LONGEST_STATEMENT, Statement, StatementTopic
from outreach.prepared import Asked
from outreach.recipients.lock import lock_people, lock_with_addresses
from outreach.recipients.models import Recipient
from outreach.recipients.stages import Event, happened
from outreach.signals import consent_changed, nudge

MOST_A_DAY = 5
"""How many statements a customer may make within 24 hours."""


class NoWords(Refused):
    """A statement without a word."""


class TooLong(Refused):
    """A statement that is `over` characters longer than LONGEST_STATEMENT."""

    def __init__(self, over: int) -> None:
        self.over = over
        super().__init__(_("That is too long, by as many characters: %(over)d.") % {"over": over})


class EnoughToday(Refused):
    """A customer has said MOST_A_DAY things within 24 hours."""


_NOT_WORDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def say(recipient: Recipient, text: str, *, source: str, by: Actor) -> Statement:
    """Keep what a person told us; the same words again within a day are kept once.

    `by` is CUSTOMER on their own page, else who wrote it down for them. Raises NoWords, TooLong,
    or EnoughToday for a customer.
    """
    text = _words(text)
    if not text:
        raise NoWords(_("Write down what they said."))
    if len(text) > LONGEST_STATEMENT:
        raise TooLong(len(text) - LONGEST_STATEMENT)
    said_by = Statement.SaidBy.CUSTOMER if by == CUSTOMER else Statement.SaidBy.STAFF
    with transaction.atomic():
        lock_people([recipient.pk])
        today = Statement.objects.filter(
            recipient=recipient, said_by=said_by, said_at__gt=timezone.now() - timedelta(days=1)
        )
        if same := today.filter(text=text, taken_back_at__isnull=True).first():
            return same
        if by == CUSTOMER and today.count() >= MOST_A_DAY:
            raise EnoughToday(_("They have told us enough for one day."))
        statement = Statement.objects.create(
            recipient=recipient,
            text=text,
            said_by=said_by,
            actor_key=by.key,
            actor_name=by.name,
            source=source,
        )
        happened(Event.CHOSE, [recipient.pk])
        record(recipient, "statement.said", by=by)
    return statement


def tie(
    statement: Statement,
    *,
    wanted: Collection[Topic] = (),
    unwanted: Collection[Topic] = (),
    channels: Iterable[str] = (),
    by: Actor,
) -> list[Topic]:
    """Say what a statement is for and against; what was said of it before is replaced.

    Against a topic, it binds from now on. For a topic, it is a wish, on `channels`; returned are
    the topics where it is none, since the person refused them after they said it. With neither it
    is read, and that is all. Raises Refused for a topic on both sides, Conflict if taken back.
    """
    if both := set(wanted) & set(unwanted):
        names = ", ".join(topic.name for topic in both)
        raise Refused(_("Either for or against: %(topics)s.") % {"topics": names})
    with transaction.atomic():
        lock_with_addresses(statement.recipient_id)
        if not _live(statement).update(state=Statement.State.READ):
            raise Conflict(_("They have taken this back in the meantime, so it counts no more."))
        chosen = {**dict.fromkeys(wanted, True), **dict.fromkeys(unwanted, False)}
        dropped, new = _replace(statement, chosen, by)
        withdraw_by_words(statement, dropped, by=by)
        refused = grant_by_words(
            statement, [topic for topic in new if chosen[topic]], channels=channels, by=by
        )
        record(statement.recipient, "statement.tied", by=by, note=_note(chosen))
        nudge(consent_changed, recipient_id=statement.recipient_id)
    return refused


def take_back(statement: Statement, *, by: Actor) -> bool:
    """It counts no more, nor does a wish that rests on it. False if it was taken back already."""
    with transaction.atomic():
        lock_with_addresses(statement.recipient_id)
        if not _live(statement).update(taken_back_at=timezone.now()):
            return False
        wishes = statement.ties.filter(is_for=True).select_related("topic")
        withdraw_by_words(statement, [wish.topic for wish in wishes], by=by)
        record(statement.recipient, "statement.taken_back", by=by)
        nudge(consent_changed, recipient_id=statement.recipient_id)
    return True


def statements_of(person: Recipient | Asked) -> QuerySet[Statement]:
    """What we hold that a person told us, the newest first."""
    live = Statement.objects.filter(recipient=person, taken_back_at__isnull=True)
    return live.prefetch_related("ties__topic")


def carry_statements(gone: Recipient, into: Recipient, *, by: Actor) -> bool:
    """Have what `gone` said against topics bind `into` as well, each statement once."""
    against = StatementTopic.objects.filter(
        statement__recipient=gone, statement__taken_back_at__isnull=True, is_for=False
    )
    said = Statement.objects.filter(pk__in=against.values("statement"))
    known = set(Statement.objects.filter(recipient=into).values_list("text", "said_at"))
    copies = {
        row.pk: Statement(
            recipient=into,
            **{name: getattr(row, name) for name in _KEPT},
        )
        for row in said
        if (row.text, row.said_at) not in known
    }
    Statement.objects.bulk_create(copies.values())
    StatementTopic.objects.bulk_create(
        [
            StatementTopic(
                statement=copies[row.statement_id],
                topic_id=row.topic_id,
                is_for=False,
                tied_by=row.tied_by,
                tied_at=row.tied_at,
            )
            for row in against
            if row.statement_id in copies
        ]
    )
    return bool(copies)


def forget_statements(recipient: Recipient) -> None:
    """Erase a person's words, and what was read in them."""
    Statement.objects.filter(recipient=recipient).delete()


_KEPT = ("text", "said_at", "said_by", "actor_key", "actor_name", "source", "state")


def _live(statement: Statement) -> QuerySet[Statement]:
    return Statement.objects.filter(pk=statement.pk, taken_back_at__isnull=True)


def _replace(
    statement: Statement, chosen: dict[Topic, bool], by: Actor
) -> tuple[list[Topic], list[Topic]]:
    """Write what is new; returns the topics it is for no more, and those it is newly tied to."""
    held = {tie.topic: tie.is_for for tie in statement.ties.select_related("topic")}
    gone = [topic for topic, is_for in held.items() if chosen.get(topic) is not is_for]
    new = [topic for topic, is_for in chosen.items() if held.get(topic) is not is_for]
    statement.ties.filter(topic__in=gone).delete()
    StatementTopic.objects.bulk_create(
        [
            StatementTopic(statement=statement, topic=topic, is_for=chosen[topic], tied_by=by.name)
            for topic in new
        ]
    )
    return [topic for topic in gone if held[topic]], new


def _words(text: str) -> str:
    """As it can be kept and shown: line ends as one character, no control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_WORDS.sub("", lines).strip()


def _note(chosen: dict[Topic, bool]) -> str:
    return ", ".join(f"{'+' if is_for else '-'} {topic}" for topic, is_for in chosen.items())
