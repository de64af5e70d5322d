"""How things stand, in one sentence a person would say."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    Source.FORM: gettext_lazy("you asked for this with a form"),
    Source.IMPORT: gettext_lazy("our records from before say that you asked for this"),
    Source.STAFF: gettext_lazy("you told one of us that you would like this"),
    Source.PHONE: gettext_lazy("you told us on the telephone that you would like this"),
    Source.PREFERENCE_PAGE: gettext_lazy("you chose this on this page"),
}
ASKED = gettext_lazy("you asked for this")


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
        return _in_a_break(date_format(timezone.localtime(standing.paused_until)), what)
    if not what:
        return _(
            "From now on you get no messages from us, except about what you order or book with us."
        )
    return _("From now on you hear from us about %(what)s.") % {"what": what}


def _in_a_break(until: str, what: str) -> str:
    if not what:
        return _("You are taking a break until %(date)s.") % {"date": until}
    return _(
        "You are taking a break until %(date)s. After that you hear from us about %(what)s."
    ) % {"date": until, "what": what}


def _what(standing: Standing) -> str:
    """Topics by the channels they come on: "Tastings and New vintages, by e-mail; …"."""
    topics: dict[tuple[Channel, ...], list[str]] = {}
    for line in standing.lines:
        channels = tuple(box.channel for box in line.boxes if box.is_wanted)
        if channels:
            topics.setdefault(channels, []).append(line.topic.name)
    return "; ".join(
        f"{_listed(names)}, {_listed(str(BY_CHANNEL[channel]) for channel in channels)}"
        for channels, names in topics.items()
    )


def _listed(words: Iterable[str]) -> str:
    return get_text_list(list(words), _("and"))
