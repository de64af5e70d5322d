from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _


def deadline_in_words(due_at: datetime, zone: ZoneInfo) -> str:
    """A deadline as people say it: midnight is the end of a day, not the start of the next."""
    local = due_at.astimezone(zone)
    # By way of UTC: a step back on the wall clock would miss a midnight that clocks skip.
    moment_before = (due_at.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone)
    if moment_before.date() < local.date():
        return _("the end of %(day)s") % {"day": day_in_words(moment_before.date())}
    return _("%(day)s at %(time)s") % {
        "day": day_in_words(local.date()),
        "time": time_format(local.time(), "H:i"),
    }


def day_in_words(day: date) -> str:
    """Weekday and date, by locale."""
    return f"{date_format(day, 'l')}, {date_format(day, 'DATE_FORMAT')}"
