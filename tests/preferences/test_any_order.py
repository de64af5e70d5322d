"""B1, B11, D2, statement 8: whatever happens to people in whatever order, the strictest wins.

Any interleaving of wishes, refusals, imports, declarations, marks in the CRM, merges said and
unsaid, stops, erasures and lapses: what people chose is the fold of the ledger, and nobody is
written to without a wish of their own that counts at that instant.
"""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.dispatch.claim import claim
from outreach.eligibility.decide import REASON, question_for, with_reason
from outreach.ledger.models import Delivery
from outreach.preferences import lapse
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import consent
from tests.builders import start_campaign
from tests.preferences.any_order import EMAIL, HOMES, TOPICS, World

BEGAN = datetime.fromisoformat("2026-03-01T12:00:00+01:00")
Deed = tuple[Any, ...]

WHO = st.integers(0, len(HOMES) - 1)
TOPIC = st.integers(0, TOPICS - 1)
ABOUT = ("own_no", "told_yes", "told_no", "imported", "declared")
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("own_yes"), WHO, TOPIC, st.sampled_from([0, 2, 5])),
    st.tuples(st.sampled_from(ABOUT), WHO, TOPIC),
    st.tuples(st.just("flag"), WHO, st.booleans()),
    st.tuples(st.sampled_from(["stop", "come_back"]), WHO),
    st.tuples(st.sampled_from(["merge", "merge_silently"]), WHO, WHO),
    st.tuples(st.just("erase"), WHO),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("wait"), st.integers(1, 4)),
)
EVERY_STATEMENT = [statement for statement in consent.STATEMENTS if statement.number == 8]
REFUSED_TWO_HOMES_AGO: list[Deed] = [
    ("own_yes", 3, 0, 0),
    ("own_no", 2, 0),
    ("merge_silently", 2, 3),
    ("merge_silently", 0, 3),
]
LAPSED_AND_BROUGHT_IN: list[Deed] = [
    ("own_yes", 3, 0, 2),
    ("wait", 3),
    ("sweep",),
    ("imported", 3, 0),
]
MARKED_ONLY_THEMSELVES: list[Deed] = [
    ("flag", 0, True),
    ("own_yes", 0, 0, 0),
    ("merge_silently", 1, 0),
    ("flag", 0, False),
]
TAKEN_BACK_BY_WHOSE_IT_WAS: list[Deed] = [
    ("stop", 1),
    ("merge_silently", 1, 0),
    ("come_back", 1),
    ("own_yes", 0, 0, 0),
]
EXAMPLES = 300 if settings().derandomize else 50  # the profile of CI is the thorough one
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
AFTER_THE_SWEEP = consent.over_and_not_on_record


def do(world: World, deed: Deed, clock: Any) -> None:
    name, *arguments = deed
    clock.shift(timedelta(days=arguments[0]) if name == "wait" else timedelta(seconds=1))
    if name != "wait":
        getattr(world, name)(*arguments)


def allowed(world: World) -> set[tuple[int, int]]:
    """By the expressions that `may_contact`, the freeze and the claim share."""
    who = {person.pk: number for number, person in enumerate(world.people)}
    people = Recipient.objects.filter(pk__in=who)
    with asking_of_many():
        return {
            (who[key], number)
            for number, topic in enumerate(world.topics)
            for key in with_reason(people, question_for(topic, EMAIL))
            .filter(**{REASON: ""})
            .values_list("pk", flat=True)
        }


def permitted(world: World) -> set[tuple[int, int]]:
    now = timezone.now()
    return {
        (who, topic)
        for who in range(len(HOMES))
        for topic in range(TOPICS)
        if world.memory.may_write(who, topic, now)
    }


def violated(*but: object) -> list[str]:
    return [
        statement.sentence
        for statement in EVERY_STATEMENT
        if statement.violations not in but and len(statement.violations())
    ]


class AnyOrder(TestCase):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=SLOW,
    )
    @given(deeds=st.lists(DEEDS, max_size=14))
    @example(deeds=REFUSED_TWO_HOMES_AGO)
    @example(deeds=LAPSED_AND_BROUGHT_IN)
    @example(deeds=MARKED_ONLY_THEMSELVES)
    @example(deeds=TAKEN_BACK_BY_WHOSE_IT_WAS)
    def test_b1_d2_the_strictest_wins_and_what_was_chosen_is_the_fold(
        self, deeds: list[Deed]
    ) -> None:
        with time_machine.travel(BEGAN, tick=False) as clock:
            world = World()
            for deed in deeds:
                do(world, deed, clock)
            found = allowed(world)
            assert found <= permitted(world), "written to without a wish that counts"
            if world.memory.is_plain:
                assert found == permitted(world), "nobody has refused anything"
            assert violated(AFTER_THE_SWEEP) == []
            lapse.sweep()
            assert violated() == []
            assert allowed(world) == found, "the sweep only puts on record what was so"

    @settings(
        max_examples=EXAMPLES // 5, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(deeds=st.lists(DEEDS, min_size=1, max_size=8))
    def test_b1_statement_4_nobody_is_claimed_without_a_wish_that_counts(
        self, deeds: list[Deed]
    ) -> None:
        with time_machine.travel(BEGAN, tick=False) as clock:
            world = World()
            for who in range(len(HOMES)):
                world.own_yes(who, 0, days=5)
            run = start_campaign(*world.people, topic=world.topics[0])
            for who in range(len(HOMES)):  # what the builder granted was without end
                world.own_yes(who, 0, days=5)
            for deed in deeds:
                do(world, deed, clock)
            claim(run)
            claimed = Delivery.objects.filter(run=run, state=Delivery.State.CLAIMED)
            keys = {person.pk: who for who, person in enumerate(world.people)}
            found = {(keys[row.recipient_id], 0) for row in claimed}
            assert found <= permitted(world)
