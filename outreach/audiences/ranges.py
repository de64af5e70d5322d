"""People in ranges of keys: as many as one query deals with at a time."""

from django.db import connection

from outreach.campaigns.models import Campaign
from outreach.conf import conf
from outreach.groups.compile import people_of

RANGE = {"sqlite": 50_000}
RANGE_ELSEWHERE = 100_000
"""A few large ranges are sooner done than many small ones. But whoever submits waits for one, and
on SQLite every other writer. Ranges of 250,000 were no sooner done on PostgreSQL.
"""
WHILE_ONE_WAITS = 50_000
"""A second or two. More than that goes on in the background."""


def range_size() -> int:
    """How many keys are dealt with in one query."""
    return conf().freeze_range or RANGE.get(connection.vendor, RANGE_ELSEWHERE)


def keys_of(campaign: Campaign) -> tuple[int, int]:
    """Everybody's key is greater than the first, and at most the second."""
    keys = people_of(campaign.tenant).values_list("pk", flat=True)
    first, last = keys.order_by("pk").first(), keys.order_by("-pk").first()
    return (first or 1) - 1, last or 0
