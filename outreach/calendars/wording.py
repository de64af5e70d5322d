from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

SMALL_LETTERS = ("it", "ru")
"""Where months and days of the week begin with a small letter, though Django's do not."""


def deadline_in_words(due_at: datetime, zone: ZoneInfo) -> str:
    """A deadline as people say it: midnight is the end of a day, not the start of the next.

    For a line or a cell of its own: the middle of a sentence would decline it in some languages.
    """
    local = due_at.astimezone(zone)
    # By way of UTC: a step back on the wall clock would miss a midnight that clocks skip.
    moment_before = (due_at.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone)
    if moment_before.date() < local.date():
        return _("the end of %(day)s") % {"day": day_in_words(moment_before.date())}
    return moment_in_words(local)


def moment_in_words(local: datetime) -> str:
    """Weekday, date and time, of an instant that is already in the zone of the reader."""
    return _("%(day)s at %(time)s") % {
        "day": day_in_words(local.date()),
        "time": f"{local:%H:%M}",
    }


def day_in_words(day: date) -> str:
    """Weekday and date, as in the middle of a sentence."""
    weekday = _in_a_sentence(str(WEEKDAYS[day.weekday()]))
    words = {"weekday": weekday, "date": date_in_words(day)}
    return pgettext("a day of the week and its date", "%(weekday)s, %(date)s") % words


def date_in_words(day: date) -> str:
    """Day, month and year, as in the middle of a sentence."""
    # Untranslated it is the name of a setting: Django's own format for the language.
    written = pgettext("a date, in the letters of Django's date filter", "DATE_FORMAT")
    return _in_a_sentence(date_format(day, written))


def _in_a_sentence(words: str) -> str:
    language = (get_language() or "").partition("-")[0]
    return words.lower() if language in SMALL_LETTERS else words
