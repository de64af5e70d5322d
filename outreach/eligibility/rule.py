"""What a rule is: one boolean ORM expression with a code, a plain sentence and the mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from outreach.conf import conf

ADDRESS = "outreach_address"
"""The annotation that holds the id of the address we would write to, or NULL."""


class KeyRange(NamedTuple):
    """People with `after` < primary key <= `upto`."""

    after: int
    upto: int

    def of(self, path: str) -> Q:
        return Q(**{f"{path}__gt": self.after, f"{path}__lte": self.upto})


class Keys(NamedTuple):
    """These few people and no others."""

    keys: tuple[int, ...]

    def of(self, path: str) -> Q:
        return Q(**{f"{path}__in": self.keys})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we write to these people about this topic on this channel, now?

    `run_id` names the run that asks, so that its own reservations do not count against it; for
    one person without a campaign it is None, and so are the things that only a campaign has.
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
    within: KeyRange | Keys | None = None

    @property
    def cap_window(self) -> tuple[date, date]:
        """The dates on which another message is too close (C7), both included."""
        near = timedelta(days=conf().cap_days - 1)
        return self.on - near, self.on + near

    @property
    def coordination_key(self) -> str | None:
        """What is unique with a person among coordinated campaigns (statement 1)."""
        return f"{self.coordination_id}" if self.coordination_id else None

    def of_person(self, rows: QuerySet[Any], path: str = "recipient") -> QuerySet[Any]:
        """Those of `rows` that belong to the person asked about."""
        own = rows.filter(**{path: OuterRef("pk")})
        return own.filter(self.within.of(path)) if self.within else own


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
