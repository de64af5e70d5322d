"""How things stand and why, each in one sentence a person would say."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from outreach.calendars.wording import date_in_words, moment_in_words
from outreach.centre.link import Link
from outreach.centre.standing import Standing
from outreach.preferences.models import Source
from outreach.recipients.models import Channel

BY_CHANNEL = {
    Channel.EMAIL: gettext_lazy("by e-mail"),
    Channel.SMS: gettext_lazy("by SMS"),
    Channel.POST: gettext_lazy("by post"),
    Channel.PHONE: gettext_lazy("by telephone"),
}

HOW_ASKED = {
    Source.FORM: gettext_lazy("because on %(day)s you asked for this with a form"),
    Source.IMPORT: gettext_lazy("because on %(day)s you asked for this, as our older records say"),
    Source.STAFF: gettext_lazy("because on %(day)s you told one of us that you would like this"),
    Source.PHONE: gettext_lazy(
        "because on %(day)s you told us on the telephone that you would like this"
    ),
    Source.PREFERENCE_PAGE: gettext_lazy("because on %(day)s you chose this on this page"),
}
ASKED = gettext_lazy("because on %(day)s you asked for this")


def sentence(link: Link, standing: Standing) -> str:
    """What the person gets from us from now on."""
    if standing.is_held:
        return _(
            "At present we send you no messages. If you would like to hear from us, "
            "%(sender)s can put that right; the number is below."
        ) % {"sender": link.sender.name}
    if standing.is_stopped:
        return _(
            "You get no messages from us, except about what you order or book with us. "
            "You can change this here at any time."
        )
    what = _what(standing)
    if standing.paused_until:
        return _in_a_break(local_date(standing.paused_until), what)
    if not what:
        return _(
            "From now on you get no messages from us, except about what you order or book with us."
        )
    return _("From now on you hear from us about %(what)s.") % {"what": what}


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


def _what(standing: Standing) -> str:
    """Topics by the channels they come on: “Tastings”, “New vintages” (by e-mail, by SMS); …"""
    topics: dict[tuple[Channel, ...], list[str]] = {}
    for line in standing.lines:
        channels = tuple(box.channel for box in line.boxes if box.is_wanted)
        if channels:
            topics.setdefault(channels, []).append(line.topic.name)
    return "; ".join(
        f"{_quoted(names)} ({', '.join(str(BY_CHANNEL[channel]) for channel in channels)})"
        for channels, names in topics.items()
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(pgettext("a topic in a list", "“%(topic)s”") % {"topic": n} for n in names)
