"""How things stand and why, each in one sentence a person would say."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from outreach.calendars.wording import date_in_words, moment_in_words
from outreach.centre.answering import Answering
from outreach.centre.standing import Standing
from outreach.preferences.models import Source
from outreach.preferences.wish_models import AtMost
from outreach.recipients.models import Channel

BY_CHANNEL = {
    Channel.EMAIL: gettext_lazy("by e-mail"),
    Channel.SMS: gettext_lazy("by SMS"),
    Channel.POST: gettext_lazy("by post"),
    Channel.PHONE: gettext_lazy("by telephone"),
}

OFTEN = {
    AtMost.WEEKLY: gettext_lazy("at most once a week"),
    AtMost.MONTHLY: gettext_lazy("at most once a month"),
}

HOW_ASKED = {
    Source.FORM: gettext_lazy("because on %(day)s you asked for this with a form"),
    Source.IMPORT: gettext_lazy("because on %(day)s you asked for this, as our older records say"),
    Source.STAFF: gettext_lazy("because on %(day)s you told one of us that you would like this"),
    Source.PHONE: gettext_lazy(
        "because on %(day)s you told us on the telephone that you would like this"
    ),
    Source.PREFERENCE_PAGE: gettext_lazy("because on %(day)s you chose this on this page"),
    Source.STATEMENT: gettext_lazy(
        "because on %(day)s we read in your own words that you would like this"
    ),
}
ASKED = gettext_lazy("because on %(day)s you asked for this")


def sentence(standing: Standing, what: str, answering: Answering | None) -> str:
    """What the person gets from us from now on; `what` is what_is_wanted."""
    if standing.is_held:
        return _held(answering)
    if standing.is_stopped:
        return _(
            "You get no messages from us, except about what you order or book with us. "
            "You can change this here at any time."
        )
    if standing.paused_until:
        return _in_a_break(local_date(standing.paused_until), what)
    if not what:
        return _(
            "From now on you get no messages from us, except about what you order or book with us."
        )
    if len(standing.wanted) < len(standing.lines):
        return _("From now on you hear from us only about %(what)s.") % {"what": what}
    return _("From now on you hear from us about %(what)s.") % {"what": what}


def what_is_wanted(standing: Standing) -> str:
    """Topics with the channels and the pace that they share, in the middle of a sentence.

    As “Tastings”, by e-mail, at most once a month; or, where they differ, “Tastings” (by e-mail);
    “New vintages” and “Visits” (by e-mail, by post). Empty where nothing is wanted.
    """
    alike: dict[tuple[tuple[Channel, ...], str], list[str]] = {}
    for line in standing.wanted:
        alike.setdefault((line.channels, line.at_most), []).append(line.topic.name)
    groups = [(quoted(names), _how(*how)) for how, names in alike.items()]
    if len(groups) == 1:
        return "{}, {}".format(*groups[0])
    return "; ".join(f"{topics} ({how})" for topics, how in groups)


def quoted(names: Iterable[str]) -> str:
    """Names of topics as a list in a sentence."""
    marked = [pgettext("a topic in a list", "“%(topic)s”") % {"topic": name} for name in names]
    return get_text_list(marked, pgettext("before the last topic of a list", "and"))


def how_asked(source: Source, at: datetime) -> SafeString:
    """When and how somebody asked for a topic: a clause that begins with "because"."""
    words = escape(str(HOW_ASKED.get(source, ASKED)))
    return mark_safe(words % {"day": date_html(at)})  # noqa: S308  (both parts are escaped)


def date_html(at: datetime) -> SafeString:
    """A day by the reader's clock; the exact time on hover and in the markup."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        moment_in_words(local),
        date_in_words(local.date()),
    )


def local_date(at: datetime) -> str:
    return date_in_words(timezone.localtime(at).date())


def _in_a_break(until: str, what: str) -> str:
    if not what:
        return _("You are taking a break until %(date)s.") % {"date": until}
    return _(
        "You are taking a break until %(date)s. After that you hear from us about %(what)s."
    ) % {"date": until, "what": what}


def _how(channels: Iterable[Channel], at_most: str) -> str:
    words = [str(BY_CHANNEL[channel]) for channel in channels]
    return ", ".join([*words, str(OFTEN[AtMost(at_most)])] if at_most else words)


def _held(answering: Answering | None) -> str:
    if answering is None:
        return _(
            "At present we send you no messages. If you would like to hear from us, answer one "
            "that you have; a person reads it and puts that right."
        )
    return _(
        "At present we send you no messages. If you would like to hear from us, "
        "%(sender)s can put that right; the number is below."
    ) % {"sender": answering.name}
