"""The time until a deadline, as people say it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)


def time_left(due_at: datetime, now: datetime) -> str:
    """ "2 h 10 min left", or "1 h late": the two largest units, whole minutes."""
    if now > due_at:
        return _("%(time)s late") % {"time": waited(now - due_at)}
    return _("%(time)s left") % {"time": waited(due_at - now)}


def waited(span: timedelta) -> str:
    """A span of time: "2 h 10 min", "3 days 4 h"."""
    if span < MINUTE:
        return _("less than a minute")
    hours, minutes = divmod(span // MINUTE, 60)
    days, hours = divmod(hours, 24)
    units = [
        (days, ngettext("%(count)s day", "%(count)s days", days)),
        (hours, _("%(count)s h")),
        (minutes, _("%(count)s min")),
    ]
    first = next(place for place, (count, _unit) in enumerate(units) if count)
    return " ".join(unit % {"count": count} for count, unit in units[first : first + 2] if count)
