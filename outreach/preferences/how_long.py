"""How long a wish counts: until a date, for as many days as its topic says, or until a refusal."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.exceptions import Refused
from outreach.preferences.models import Topic


def counts_until(
    topic: Topic, at: datetime, *, given_on: date | None = None, until: datetime | None = None
) -> datetime | None:
    """The instant at which a wish of `at` is over, None for never.

    The topic's days begin on the day on which the person said it. Raises Refused where that is
    past, as with an old list.
    """
    if until is None and topic.valid_for:
        begins = end_of(given_on) if given_on else at
        until = min(begins, at) + timedelta(days=topic.valid_for)
    if until is not None and until <= at:
        text = _("A wish for “%(topic)s” from then counts no more. Ask them again instead.")
        raise Refused(text % {"topic": topic})
    return until


def end_of(day: date) -> datetime:
    """The instant at which a day is over, in the site's own time zone."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return timezone.make_aware(midnight, timezone.get_default_timezone())
