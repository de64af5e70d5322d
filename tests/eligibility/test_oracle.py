"""The decision for many, the decision for one, and a naive oracle agree on any small world.

Each of thousands of people is refused for the reason that the documentation gives, or the
documentation is wrong (A3, A4, A6, A8, B1, B10, B11, C3, C7, D2, D3).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import time_machine
from django.conf import settings as live
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import override_settings
from hypothesis import HealthCheck, given, settings

from outreach.eligibility.again import asked_again
from outreach.eligibility.decide import (
    REASON,
    decide_for,
    may_contact,
    question_for,
    question_of,
    rules_for,
    with_answers,
    with_reason,
)
from outreach.eligibility.decide_many import decided_of
from outreach.eligibility.rule import Everybody, KeyRange, Keys, Question
from outreach.eligibility.rules import OWN
from outreach.eligibility.shape import given as given_of
from outreach.eligibility.shape import opened, shape_of
from outreach.ledger.plan import DECIDED
from outreach.prepared import Prepared
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient
from tests.eligibility.build import Built, build
from tests.eligibility.oracle import TABLE, reasons
from tests.eligibility.world import RUN, House, World
from tests.eligibility.worlds import worlds_of_choices, worlds_of_messages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
"""An instant that is another date in Rome than in London."""
IS_THOROUGH = settings().derandomize and settings().max_examples >= 100  # as CI is
MANY = 1000 if connection.vendor == "sqlite" else 100  # elsewhere each takes ten times as long
EXAMPLES = MANY if IS_THOROUGH else min(settings().max_examples, 50)
many_examples = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


def test_the_oracle_knows_the_rules_there_are() -> None:
    assert [(code, binds) for code, _says_no, binds in TABLE] == [
        (rule.code, rule.binds_routine) for rule in OWN
    ]


@many_examples
@given(world=worlds_of_choices())
def test_one_question_about_what_people_chose(world: World) -> None:
    check(world, is_run=False)


@many_examples
@given(world=worlds_of_choices())
def test_a_campaign_among_people_who_chose(world: World) -> None:
    check(world, is_run=True)


@many_examples
@given(world=worlds_of_messages())
def test_one_question_about_people_who_were_written_to(world: World) -> None:
    check(world, is_run=False)


@many_examples
@given(world=worlds_of_messages())
def test_a_campaign_among_people_who_were_written_to(world: World) -> None:
    check(world, is_run=True)


def check(world: World, *, is_run: bool) -> None:
    """Build a world, ask about everybody, and take it away again."""
    house = {
        "CAP_MESSAGES": world.house.cap_messages,
        "WIN_BACKS": world.house.win_backs,
        "SILENT_AFTER": world.house.silent_after,
    }
    with (
        time_machine.travel(NOW, tick=False),
        override_settings(OUTREACH={**live.OUTREACH, **house}),
        asking_of_many(),
        transaction.atomic(),
    ):
        built = build(world)
        told = answers(built, is_run=is_run)
        one = decide(built, is_run=is_run) if world.asks == len(world.people) else told[0][1]
        transaction.set_rollback(True)
    expected = [reasons(world, who, is_run=is_run) for who in range(len(world.people))]
    assert told == [((said[0] if said else ""), said) for said in expected]
    assert one == expected[0]


def decide(built: Built, *, is_run: bool) -> list[str]:
    """All reasons for the first person, asked as the pages and the claim ask."""
    person = built.people[0]
    decision = (
        decide_for(person, question_of(built.runs[RUN]))
        if is_run
        else may_contact(person, built.topics[0], built.world.channel)
    )
    return [rule.code for rule in decision.refused_by]


def answers(built: Built, *, is_run: bool) -> list[tuple[str, list[str]]]:
    """For each person the first reason as the set has it, and all as the decision for one has.

    The set is asked in four ways: everybody by one rule after the other, a range as a freeze asks,
    everybody at once as a preview asks, and a few people by their keys as a claim asks.
    """
    asked = compiled(built, is_run=is_run)
    few = Keys(tuple(person.pk for person in built.people))
    with connection.cursor() as cursor:
        cursor.execute(*asked.first)
        first = dict(cursor.fetchall())
        at_once = []
        for of_many in (asked.of_range, asked.of_everybody):
            cursor.execute(*of_many)
            at_once.append({key: reason for key, _address, reason in cursor.fetchall()})
        cursor.execute(*asked.each)
        each = {key: answers for key, _address, *answers in cursor.fetchall()}
    values = given_of(replace(asked.question, within=few))
    again = {key: reason for key, _address, reason, _last in asked.of_few.rows(**values)}
    assert at_once == [first, first]
    assert first == again
    return [
        (
            first[person.pk],
            [code for code, no in zip(asked.codes, each[person.pk], strict=True) if no],
        )
        for person in built.people
    ]


@dataclass(frozen=True)
class Compiled:
    """SQL with its parameters: for everybody's first reason, and for every rule's answer."""

    question: Question
    codes: tuple[str, ...]
    first: tuple[str, tuple[Any, ...]]
    of_range: tuple[str, list[Any]]
    of_everybody: tuple[str, list[Any]]
    of_few: Prepared
    each: tuple[str, tuple[Any, ...]]


KNOWN: dict[tuple[Question, House, int], Compiled] = {}
"""To compile the queries takes most of the time, and thousands of worlds ask few questions."""


def asked_at_once(people: QuerySet[Recipient], question: Question) -> tuple[str, list[Any]]:
    parts = decided_of(people, question)
    named = ", ".join(f"{part.name} AS ({part.sql})" for part in parts)
    return f"WITH {named} SELECT * FROM {DECIDED}", [x for part in parts for x in part.params]


def compiled(built: Built, *, is_run: bool) -> Compiled:
    """The queries of `with_reason`, of a freeze, of a preview, of a claim and of `decide_for`."""
    question = (
        question_of(built.runs[RUN])
        if is_run
        else question_for(built.topics[0], built.world.channel)
    )
    key = (question, built.world.house, len(built.people))
    if key not in KNOWN:
        people = Recipient.objects.order_by()
        few = shape_of(replace(question, within=Keys((1,) * len(built.people))))
        first = with_reason(people, question).values_list("pk", REASON)
        each = with_answers(people, question)
        KNOWN[key] = Compiled(
            question=question,
            codes=tuple(rule.code for rule in rules_for(question)),
            first=first.query.sql_with_params(),
            of_range=asked_at_once(people, replace(question, within=KeyRange(0, 10**12))),
            of_everybody=asked_at_once(people, replace(question, within=Everybody())),
            of_few=Prepared(partial(asked_again, opened(few))),
            each=each.query.sql_with_params(),
        )
    return KNOWN[key]
