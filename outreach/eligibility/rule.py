"""What a rule is: one boolean ORM expression with a code, a plain sentence and the mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Q
from django.utils.functional import Promise

from outreach.conf import conf

ADDRESS = "outreach_address"
"""The annotation that holds the id of the address we would write to, or NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May we write to these people about this topic on this channel, now?

    `run_id` names the run that asks, so that its own reservations do not count against it.
    `on` is the local date that a message would count on.
    """

    topic_id: int
    channel: str
    purpose: str
    at: datetime
    on: date
    run_id: int | None = None

    @property
    def cap_window(self) -> tuple[date, date]:
        """The dates on which another message is too close (C7), both included."""
        near = timedelta(days=conf().cap_days - 1)
        return self.on - near, self.on + near


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
