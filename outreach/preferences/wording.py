"""What people chose and what became of it, in the words of those who work with them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outreach.preferences.models import Suppression

Reason = Suppression.Reason

HAPPENED: dict[str, str | Promise] = {
    "consent.grant": _("wish to hear about"),
    "consent.withdraw": _("wish to hear no more about"),
    "consent.expired": _("end of the time for which they wished to hear about"),
    "consent.renewal_asked": _("asked whether they would like to go on hearing about"),
    "consent.renewal_not_asked": _("could not be asked yet whether they would like to go on"),
    "wish.goes_on": _("said that they would like to go on hearing about"),
    "pause.begun": _("break"),
    "pause.ended": _("end of the break"),
    "frequency.chosen": _("how often"),
    "language.chosen": _("language of their own choice"),
    "stage.moved": _("how well we know each other"),
    "statement.said": _("something told us"),
    "statement.tied": _("what they told us was read"),
    "statement.taken_back": _("something told us was taken back"),
    "stop.hard_bounce": _("stop, since the address does not exist"),
    "stop.complaint": _("stop, since a message was marked as spam"),
    "stop.unsubscribed": _("stop of all messages"),
    "stop.manual": _("stop of all messages"),
    "stop.imported": _("stop, since they are on a list that was brought in"),
    "stop.erased": _("stop, since everything was to be erased"),
    "stop.lifted": _("end of a stop"),
    "group.joined": _("now in the group"),
    "group.left": _("no longer in the group"),
    "person.erased": _("everything erased"),
    "group.corrected": _("told us not to belong in the group"),
    "group.correction_ended": _("may be in the group again"),
}
"""By verb; the note that follows says about what, until when, or why."""

BEFORE_LIFTING: dict[str, str | Promise] = {
    Reason.HARD_BOUNCE: _("Mail came back from there. Lift it once the address is right again."),
    Reason.COMPLAINT: _(
        "Somebody marked a message of ours as spam. Lift it only if they have asked you to."
    ),
    Reason.UNSUBSCRIBED: _(
        "They asked us to stop all messages. Lift it only if they have asked you to."
    ),
    Reason.IMPORTED: _("It came with a list. Lift it only if they have asked you to."),
    Reason.MANUAL: _("A colleague stopped it. Read their note, and ask them if you can."),
}
"""What to think of first; a stop that is not named here is not for staff to lift."""


def happened_in_words(verb: str) -> str | Promise:
    return HAPPENED.get(verb, verb.replace(".", " ").replace("_", " "))
