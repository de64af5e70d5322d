"""What people chose and what became of it, in the words of those who work with them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outreach.preferences.models import Suppression

Reason = Suppression.Reason

HAPPENED: dict[str, str | Promise] = {
    "consent.grant": _("wrote down a wish to hear about"),
    "consent.withdraw": _("wrote down that no more is wanted about"),
    "pause.begun": _("began a break"),
    "pause.ended": _("ended the break"),
    "stop.hard_bounce": _("stopped messages: the address does not exist"),
    "stop.complaint": _("stopped messages: one was marked as spam"),
    "stop.unsubscribed": _("stopped all messages"),
    "stop.manual": _("stopped all messages"),
    "stop.erased": _("erased what was kept"),
    "stop.lifted": _("lifted a stop"),
    "group.joined": _("put them into a group"),
    "group.left": _("took them out of a group"),
}

BEFORE_LIFTING: dict[str, str | Promise] = {
    Reason.HARD_BOUNCE: _("Mail came back from there. Lift it once the address is right again."),
    Reason.COMPLAINT: _(
        "Somebody marked a message of ours as spam. Lift it only if they have asked you to."
    ),
    Reason.UNSUBSCRIBED: _(
        "They asked us to stop all messages. Lift it only if they have asked you to."
    ),
    Reason.MANUAL: _("A colleague stopped it. Read their note, and ask them if you can."),
}
"""What to think of first; a stop that is not named here is not for staff to lift."""


def happened_in_words(verb: str) -> str | Promise:
    return HAPPENED.get(verb, verb.replace(".", " ").replace("_", " "))
