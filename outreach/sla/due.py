"""When a message has to be answered, by the policy of its tenant (B4)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from outreach.calendars.deadline import NeverOpen, due_at
from outreach.calendars.models import BusinessCalendar
from outreach.calendars.schedule import Schedule
from outreach.conf import conf
from outreach.sla.models import ReplyPolicy

logger = logging.getLogger("outreach")


@dataclass(frozen=True, slots=True)
class Promise:
    """What we promise a tenant's customers; without a schedule every day counts."""

    within: timedelta
    schedule: Schedule | None

    @classmethod
    def of(cls, tenant: str) -> Self:
        """The policy in force, with the calendar it names or else the default one."""
        policy = ReplyPolicy.objects.filter(tenant=tenant).select_related("calendar").first()
        calendar = policy.calendar if policy else None
        calendar = calendar or BusinessCalendar.objects.default_for(tenant)
        return cls(
            within=policy.first_response_within if policy else conf().first_response_within,
            schedule=Schedule.of(calendar) if calendar else None,
        )

    def due_at(self, started_at: datetime) -> datetime:
        """The deadline of what came in at `started_at`; a calendar that never opens is ignored."""
        if self.schedule:
            try:
                return due_at(self.schedule, started_at, self.within)
            except NeverOpen as error:
                logger.warning("Every day counts for a reply clock: %s", error)
        return started_at + self.within
