"""What a rule is: one boolean ORM expression with a code, a plain sentence and the mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from outreach.conf import conf
from outreach.recipients.found_once import SharedAddress, in_span
from outreach.recipients.models import FIRST, RecipientAddress

ADDRESS = "outreach_address"
"""The annotation that holds the id of the address we would write to, or NULL."""


class At(Enum):
    """Which of a person's addresses: any, those on the channel asked about, the one written to."""

    ANY = auto()
    CHANNEL = auto()
    FIRST = auto()


class KeyRange(NamedTuple):
    """People with `after` < primary key <= `upto`; the query has what is `found_once` for them."""

    after: int
    upto: int

    def of(self, path: str) -> Q:
        return Q(**{f"{path}__gt": self.after, f"{path}__lte": self.upto})


class Keys(NamedTuple):
    """These few people and no others."""

    keys: tuple[int, ...]

    def of(self, path: str) -> Q:
        return Q(**{f"{path}__in": self.keys})


@dataclass(frozen=True, slots=True)
class Everybody:
    """Whoever there is: all of them at once, and not one after the other."""

    def of(self, path: str) -> Q:
        return Q()


Within = KeyRange | Keys | Everybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we write to these people about this topic on this channel, now?

    `run_id` names the run that asks, so that its own reservations do not count against it; for
    one person without a campaign it is None, and so are the things that only a campaign has.
    `group_ids` are those of a campaign that sells.
    `is_run_empty` says that nobody is in it yet.
    `on` is the local date that a message would count on. `within` is a promise that nobody
    outside these keys is asked about, which spares the database their rows.
    """

    topic_id: int
    channel: str
    purpose: str
    at: datetime
    on: date
    least_stage: str
    silent_after: int
    run_id: int | None = None
    approach: str = ""
    group_ids: tuple[int, ...] = ()
    coordination_id: int | None = None
    coordination_rank: int = 0
    passes_cap: bool = False
    is_run_empty: bool = False
    within: Within | None = None

    @property
    def cap_window(self) -> tuple[date, date]:
        """The dates on which another message is too close (C7), both included."""
        near = timedelta(days=conf().cap_days - 1)
        return self.on - near, self.on + near

    @property
    def coordination_key(self) -> str | None:
        """What is unique with a person among coordinated campaigns (statement 1)."""
        return f"{self.coordination_id}" if self.coordination_id else None

    def has(self, rows: QuerySet[Any], path: str = "recipient") -> Q:
        """Whether the person asked about has one of `rows`; `path` leads from a row to its person.

        Where it is known whom the question is `within`, the rows of all of them are looked for
        at once.
        """
        if self.within:
            return self.is_among(rows, path)
        return Q(Exists(rows.filter(**{path: OuterRef("pk")})))

    def is_among(self, rows: QuerySet[Any], path: str) -> Q:
        """The same for rows of which there are few, or that many tables lie between.

        The database looks for them once, and not again for each person.
        """
        known = self.within.of(path) if self.within else Q()
        if not known and _may_be_null(rows.model, path):
            known = Q(**{f"{path}__isnull": False})
        return Q(pk__in=rows.filter(known).order_by().values(path))

    def is_at(self, rows: QuerySet[Any], at: At = At.ANY) -> Q:
        """Whether the person has the address of one of `rows`, which are few, or of a range."""
        if isinstance(self.within, KeyRange):
            rows = in_span(rows)
        named = self._is_named("address", rows, "address")
        return self._is_holder(RecipientAddress.objects.filter(named), at)

    def at_addresses_asked_about(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows` that are about an address of somebody in the range, if it is one.

        For rows of which each is dear to ask about: a freeze would ask in each range about all.
        """
        if not isinstance(self.within, KeyRange):
            return rows
        there = RecipientAddress.objects.filter(address=OuterRef("address"))
        return in_span(rows).filter(Exists(self.of_people_asked_about(there)))

    def of_people_asked_about(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows` whose recipient is in the range, if it is one.

        For what stands within another query: a database does not carry a range over by itself.
        """
        if not isinstance(self.within, KeyRange):
            return rows
        return rows.filter(self.within.of("recipient"))

    def shares_address(self, rows: QuerySet[Any], at: At = At.ANY) -> Q:
        """Whether the person shares an address with whom one of `rows`, few as above, is about.

        Rows about the person alone are for `has` to find: of a range they are not among these.
        """
        return self._is_holder(self.at_addresses_of(rows), at)

    def at_addresses_of(self, rows: QuerySet[Any], path: str = "recipient") -> QuerySet[Any]:
        """Rows of people's addresses that are one of whom one of `rows` is about, shared ones."""
        held: QuerySet[Any] = RecipientAddress.objects.all()
        if isinstance(self.within, KeyRange):
            held = QuerySet(SharedAddress)
        theirs = held.filter(self._is_named("recipient", rows, path))
        return held.filter(self._is_named("address", theirs, "address"))

    def _is_holder(self, held: QuerySet[Any], at: At) -> Q:
        if at is not At.ANY:
            held = held.filter(channel=self.channel)
        if at is At.FIRST:
            held = held.filter(position=FIRST)
        return self.is_among(held, "recipient")

    def _is_named(self, name: str, rows: QuerySet[Any], path: str) -> Q:
        """Whether one of `rows` leads to what the key `name` holds.

        Of a few people the database goes from them to the rows, of many from the rows to them.
        """
        if isinstance(self.within, Keys):
            return Q(Exists(rows.filter(**{path: OuterRef(name)})))
        return Q(**{f"{name}__in": rows.order_by().values(path)})


def _may_be_null(model: type[Model], path: str) -> bool:
    """Of a list with NULL in it a database does not know who is not in it."""
    try:
        return bool(model._meta.get_field(path).null)
    except FieldDoesNotExist:  # it leads further, or is an annotation
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`excludes` gives an expression over Recipient with ADDRESS annotated; true is "no".

    `sentence` completes "This person …", `plural` completes "312 people …".
    """

    code: str
    sentence: str | Promise
    plural: str | Promise
    mend: str | Promise
    binds_routine: bool
    excludes: Callable[[Question], Exists | Q]
