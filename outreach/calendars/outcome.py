"""What a calendar comes to, as shown under its form."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.calendars.closed_spells import ClosedSpell, next_closed_spells
from outreach.calendars.deadline import NeverOpen, Schedule, due_at
from outreach.calendars.models import BusinessCalendar
from outreach.calendars.public_holidays import has_holidays
from outreach.calendars.wording import day_in_words, deadline_in_words


def answer_due_html(calendar: BusinessCalendar, within: timedelta) -> str:
    """The deadline of a message that arrives now, in words, with the exact time in the markup."""
    schedule = Schedule.of(calendar)
    try:
        due = due_at(schedule, timezone.now(), within)
    except NeverOpen:
        return _("Never: no day is open for more than a year. Shorten the closures below.")
    hours = within.total_seconds() / 3600
    promise = ngettext(
        "if %(hours)s hour is promised", "if %(hours)s hours are promised", round(hours)
    ) % {"hours": f"{hours:g}"}
    return format_html(
        '<time datetime="{}" title="{}">{}</time> ({})',
        due.isoformat(),
        f"{due.astimezone(schedule.zone):%Y-%m-%d %H:%M} {calendar.time_zone}",
        deadline_in_words(due, schedule.zone),
        promise,
    )


def closed_next_html(calendar: BusinessCalendar) -> str:
    """The next closures and public holidays as a list, or what to do when there are none."""
    today = timezone.localdate(timezone=ZoneInfo(calendar.time_zone))
    lines = [(_days(spell), spell.reason) for spell in next_closed_spells(calendar, today)]
    # The admin's style sheet indents <ul> and <ol> as form fields, so a list only by its role.
    rows = format_html_join("", '<div role="listitem">{}: {}</div>', lines)
    listed = (
        format_html('<div role="list">{}</div>', rows)
        if lines
        else _("None. Choose a country for its public holidays, or add a closure below.")
    )
    if calendar.country and not has_holidays():
        note = _(
            "Public holidays do not count yet: the “holidays” package is not installed. "
            "Ask whoever runs this site, or enter them as closures."
        )
        return format_html("<p>{}</p>{}", note, listed)
    return listed


def _days(spell: ClosedSpell) -> str:
    if spell.starts_on == spell.ends_on:
        return day_in_words(spell.starts_on)
    return _("%(first)s to %(last)s") % {
        "first": day_in_words(spell.starts_on),
        "last": day_in_words(spell.ends_on),
    }
