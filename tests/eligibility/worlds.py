"""How Hypothesis finds small worlds: near each border that a rule draws, and across the rules."""

import random
from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st

from tests.eligibility.tidy import OUT, tidy
from tests.eligibility.world import (
    CHANNEL_OF,
    CHANNELS,
    DAY,
    EMAIL,
    GROUPS,
    HAND_GROUPS,
    POST,
    Act,
    Break,
    Campaign,
    Frequency,
    House,
    Link,
    Member,
    Message,
    Person,
    Said,
    Stop,
    World,
)

T = TypeVar("T")
MOST_PEOPLE = 4


def _questions(count: int) -> tuple[tuple[str, House, Campaign], ...]:
    """The same few every time, so that the app's long queries are compiled once for each."""
    any_of = random.Random(7).choice
    return tuple(
        (
            any_of([EMAIL, EMAIL, EMAIL, POST]),
            House(
                cap_messages=any_of([1, 1, 2]),
                topic_silent_after=any_of([None, 2]),
                least_stage=any_of(["stranger", "introduced", "acquainted", "customer"]),
                purpose=any_of(PURPOSES),
            ),
            Campaign(
                purpose=any_of(PURPOSES),
                approach=any_of(["tasting", "sale"]),
                groups=any_of([(0,), (1, 0), (0, 2), (1,)]),
                coordination=any_of([None, 0]),
                rank=any_of([1, 2]),
                cap_reason=any_of(["", "", "The harvest."]),
            ),
        )
        for _number in range(count)
    )


PURPOSES = ("commercial", "commercial", "commercial", "commercial", "routine")
QUESTIONS = _questions(32)
which = st.integers(0, len(QUESTIONS) - 1)
REASONS = ("hard_bounce", "complaint", "unsubscribed", "manual", "erased", "imported")
STATES = (
    "delivered",
    "delivered",
    "delivered",
    "sent",
    "planned",
    "planned",
    "claimed",
    "soft_bounced",
    "bounced",
    "refused",
    "unknown",
    "excluded",
    "withdrawn",
)
HELD = ((0,), (0, 3), (1, 3), (1, 0, 4), (0, 1), (2, 3), (1,), (3, 0), (0, 2, 3, 4), (2,), (4,), ())
"""What people have by way of addresses; most share one."""
PAST = st.sampled_from([-400, -200, -100, -40, -30, -20, -3]).map(lambda days: days * DAY)
STARTED = st.sampled_from([None, -400 * DAY, -200 * DAY, -100 * DAY, -40 * DAY, -3 * DAY])
NEAR = st.sampled_from([None, 0, -1, -6, -7, -29, -30, 6, 7, 29, 30])
DELIVERED = st.sampled_from([None, -29 * DAY, -30 * DAY, -30 * DAY + 1, -60 * DAY, -100 * DAY])
LONG_AGO = st.sampled_from([-30 * DAY, -30 * DAY + 1, -60 * DAY, -100 * DAY, -200 * DAY])
no_or_yes = st.booleans()
rarely = st.sampled_from([False] * 7 + [True])
who = st.integers(0, MOST_PEOPLE - 1)
topic = st.sampled_from([0, 0, 0, 1])
channel = st.sampled_from(CHANNELS)
address = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4])
stage = st.sampled_from(
    [
        "customer",
        "customer",
        "customer",
        "acquainted",
        "introduced",
        "stranger",
        "lapsed",
        "lapsed",
        "lapsed",
    ]
)
purpose = st.sampled_from(PURPOSES)
person = st.builds(
    Person,
    stage=stage,
    stage_since=st.sampled_from([-400 * DAY, -400 * DAY, -100 * DAY, -100 * DAY + 1, -20 * DAY]),
    last_sign=st.sampled_from([None, None, None, -400 * DAY, -60 * DAY, -60 * DAY - 1, -3 * DAY]),
    is_erased=st.sampled_from([False] * 11 + [True]),
    addresses=st.sampled_from(HELD),
)


@st.composite
def act(draw: st.DrawFn) -> Act:
    """A wish ends after it began; what objects at an address is a refusal on its channel."""
    kind = draw(st.sampled_from(["grant", "grant", "grant", "withdraw", "expire"]))
    until = st.none() | st.sampled_from([-1, 0, 1, 100 * DAY])
    at = draw(st.none() | address) if kind == "withdraw" else None
    return Act(
        person=draw(who),
        act=kind,
        topic=draw(topic),
        channel=draw(channel) if at is None else CHANNEL_OF[at],
        source=draw(st.sampled_from(["preference_page", "staff", "import", "form", "phone"])),
        at=draw(PAST),
        until=draw(until) if kind == "grant" else None,
        objects_at=at,
    )


@st.composite
def stop(draw: st.DrawFn) -> Stop:
    binds = draw(st.sampled_from(["person", "address", "both"]))
    return Stop(
        reason=draw(st.sampled_from(REASONS)),
        person=draw(who) if binds != "address" else None,
        address=draw(address) if binds != "person" else None,
        channel=draw(st.sampled_from(["", "email", "post"])),
        is_lifted=draw(rarely),
    )


@st.composite
def message(draw: st.DrawFn) -> Message:
    """Whoever is out of a campaign counts for nothing in it."""
    state = draw(st.sampled_from(STATES))
    is_out = state in OUT
    delivered = draw(DELIVERED) if state == "delivered" else None
    return Message(
        person=draw(who),
        address=draw(address),
        state=state,
        counts_on=None if is_out else draw(NEAR),
        delivered=delivered,
        asks=delivered is not None and draw(no_or_yes),
        is_coordinated=not is_out and draw(no_or_yes),
    )


def some(of: st.SearchStrategy[T], most: int, least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


messages = some(message(), 4, 1)


@st.composite
def campaign(draw: st.DrawFn) -> Campaign:
    groups = draw(st.lists(st.sampled_from(GROUPS), unique=True, min_size=1).map(tuple))
    at = draw(st.integers(1, len(groups)))
    return Campaign(
        topic=draw(topic),
        purpose=draw(purpose),
        approach=draw(st.sampled_from(["tasting", "sale", "invitation", "sale"])),
        groups=groups[:at],
        left_out=groups[at:],
        coordination=draw(st.sampled_from([None, 0, 0, 1])),
        rank=draw(st.integers(1, 2)),
        started=draw(STARTED),
        cap_reason=draw(st.sampled_from(["", "", "", "The harvest."])),
        messages=draw(messages),
    )


people = some(person, MOST_PEOPLE, 2)
members = some(st.builds(Member, person=who, group=st.sampled_from(HAND_GROUPS), since=PAST), 6, 2)
links = some(st.builds(Link, person=who, is_marked=rarely, is_gone=no_or_yes), 3)
stops = some(stop(), 2)
spans = st.sampled_from([(-2, -1), (-2, 0), (-2, 1), (0, 1), (1, 2), (0, 0)])
breaks = some(st.tuples(who, spans).map(lambda drawn: Break(drawn[0], *drawn[1])), 2)
often = st.sampled_from(["weekly", "monthly"])
frequencies = some(st.builds(Frequency, person=who, topic=topic, at_most=often), 3)
said = some(
    st.builds(Said, person=who, topic=topic, is_for=no_or_yes, at=PAST, is_taken_back=rarely), 3
)


@st.composite
def got_before(draw: st.DrawFn) -> tuple[Campaign, ...]:
    """What one of the first two people got, so far apart that each could be ignored."""
    person, asks = draw(st.sampled_from([0, 0, 1])), draw(st.sampled_from([True, True, False]))
    times = draw(st.lists(LONG_AGO, min_size=2, max_size=4, unique=True))
    return tuple(
        Campaign(
            started=at,
            messages=(Message(person, 0, "delivered", at // DAY, at, asks and at == max(times)),),
        )
        for at in times
    )


@st.composite
def worlds_of_choices(draw: st.DrawFn) -> World:
    """What people are and what they chose: all that a decision apart from a campaign asks."""
    asks = draw(which)
    channel, house, first = QUESTIONS[asks]
    return tidy(
        World(
            asks=asks,
            house=house,
            people=draw(people),
            channel=channel,
            acts=draw(some(act(), 8, 3)),
            links=draw(links),
            stops=draw(stops),
            breaks=draw(breaks),
            said=draw(said),
            campaigns=(first,),
        )
    )


@st.composite
def worlds_of_messages(draw: st.DrawFn) -> World:
    """What people got before, and are to get: all that a campaign asks of whoever wants it."""
    wishes = [
        Act(number, "grant", channel=each) for number in range(MOST_PEOPLE) for each in CHANNELS
    ]
    asks = draw(which)
    channel, house, first = QUESTIONS[asks]
    first = replace(first, messages=draw(messages))
    return tidy(
        World(
            asks=asks,
            house=house,
            people=draw(people),
            channel=channel,
            acts=tuple(wishes),
            frequencies=draw(frequencies),
            members=draw(members),
            campaigns=(first, *draw(some(campaign(), 3)), *draw(got_before())),
        )
    )
