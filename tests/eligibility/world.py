"""Small worlds, as plain rows: people, what they chose, and what was written to them.

Times are hours from the instant of asking, dates are days from its date; people, addresses,
groups and campaigns are numbers. The oracle reads these rows, `build` writes them to the database.
"""

from dataclasses import dataclass

EMAIL, POST = "email", "post"
CHANNELS = (EMAIL, POST)
CHANNEL_OF = (EMAIL, EMAIL, EMAIL, POST, POST)
"""The channel of each address."""
TOPICS = (0, 1)
HAND_GROUPS, RULE_GROUP = (0, 1), 2
GROUPS = (*HAND_GROUPS, RULE_GROUP)
RUN = 0
"""The campaign that asks; the others were before it, or run at the same time."""
DAY = 24


@dataclass(frozen=True)
class Person:
    """`addresses` in the order of choice."""

    stage: str = "customer"
    stage_since: int = -400 * DAY
    last_sign: int | None = None
    is_erased: bool = False
    addresses: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Act:
    """An act of consent; the acts of a world are in the order in which they happened.

    With `objects_at` it came from a message to that address, which it binds as well.
    """

    person: int
    act: str
    topic: int = 0
    channel: str = EMAIL
    source: str = "preference_page"
    at: int = -300 * DAY
    until: int | None = None
    objects_at: int | None = None


@dataclass(frozen=True)
class Link:
    """That a person comes from the CRM."""

    person: int
    is_marked: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Stop:
    reason: str
    person: int | None = None
    address: int | None = None
    channel: str = ""
    is_lifted: bool = False


@dataclass(frozen=True)
class Break:
    person: int
    starts: int
    ends: int


@dataclass(frozen=True)
class Frequency:
    person: int
    topic: int
    at_most: str


@dataclass(frozen=True)
class Said:
    person: int
    topic: int
    is_for: bool
    at: int
    is_taken_back: bool = False


@dataclass(frozen=True)
class Member:
    person: int
    group: int
    since: int


@dataclass(frozen=True)
class Message:
    """One person in a campaign; `counts_on` is the date on which it counts, if it does."""

    person: int
    address: int
    state: str = "sent"
    counts_on: int | None = None
    delivered: int | None = None
    asks: bool = False
    is_coordinated: bool = False


@dataclass(frozen=True)
class Campaign:
    topic: int = 0
    purpose: str = "commercial"
    approach: str = "tasting"
    groups: tuple[int, ...] = (0,)
    left_out: tuple[int, ...] = ()
    coordination: int | None = None
    rank: int = 1
    started: int | None = None
    cap_reason: str = ""
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True)
class House:
    """What the settings and the topics say."""

    cap_messages: int = 1
    win_backs: int = 2
    silent_after: int = 3
    topic_silent_after: int | None = None
    least_stage: str = "introduced"
    purpose: str = "commercial"


@dataclass(frozen=True)
class World:
    """`asks` names what is asked here, one of the few QUESTIONS of `worlds`."""

    asks: int
    house: House
    people: tuple[Person, ...]
    channel: str = EMAIL
    acts: tuple[Act, ...] = ()
    links: tuple[Link, ...] = ()
    stops: tuple[Stop, ...] = ()
    breaks: tuple[Break, ...] = ()
    frequencies: tuple[Frequency, ...] = ()
    said: tuple[Said, ...] = ()
    members: tuple[Member, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
