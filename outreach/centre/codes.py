"""What our codes mean, said to the person themselves: staff's words speak of them to others."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.recipients.held import Coded, Text

_STAGE: dict[str, Text] = {
    "stranger": _("we do not know each other yet"),
    "introduced": _("we have been introduced"),
    "acquainted": _("we know each other"),
    "customer": _("you are a customer of ours"),
    "lapsed": _("we have not heard from each other for long"),
}
_ACT: dict[str, Text] = {
    "grant": pgettext_lazy("one's own data", "asked for it"),
    "withdraw": pgettext_lazy("one's own data", "no longer want it"),
    "expire": pgettext_lazy("one's own data", "did not renew it in time"),
}
_SOURCE: dict[str, Text] = {
    "form": pgettext_lazy("one's own data", "sign-up form"),
    "import": _("from our older records"),
    "staff": _("you told one of us"),
    "phone": _("on the telephone"),
    "api": _("from another of our systems"),
    "preference_page": _("on the page of your choices"),
    "statement": _("in your own words"),
    "one_click": _("the unsubscribe button of your mail program"),
    "provider": _("from the e-mail provider"),
    "host_flag": _("from our customer database"),
    "expiry": pgettext_lazy("one's own data", "by itself, when its time was over"),
}
_STOPPED: dict[str, Text] = {
    "hard_bounce": pgettext_lazy("one's own data", "the address does not exist"),
    "complaint": _("a message was marked as spam"),
    "unsubscribed": _("you asked us to stop all messages"),
    "manual": _("one of us entered it"),
    "erased": _("you asked to be erased"),
    "imported": _("it came with a list of such stops"),
}
_OUTCOME: dict[str, Text] = {
    "recorded": _("written down"),
    "erased": _("not written down: you asked to be erased"),
    "refused": _("not written down: you had refused this, or all messages"),
    "no_address": _("not written down: we cannot reach you there"),
    "already": _("not written down: you had asked for it already"),
    "left": _("not written down: it was stopped or over before"),
}
_STATE: dict[str, Text] = {
    "planned": _("to be sent"),
    "claimed": _("being handed over"),
    "sent": pgettext_lazy("one's own data", "sent"),
    "delivered": pgettext_lazy("one's own data", "delivered"),
    "soft_bounced": _("came back, we try again"),
    "bounced": pgettext_lazy("one's own data", "came back"),
    "refused": _("refused by the e-mail provider"),
    "unknown": _("not known whether it went out"),
    "excluded": _("not sent to you"),
    "withdrawn": _("withdrawn before it was sent"),
}
_LEFT_OUT: dict[str, Text] = {
    "erased": pgettext_lazy("one's own data", "asked to be erased"),
    "gone": pgettext_lazy("one's own data", "are no longer in our customer database"),
    "too_often": pgettext_lazy("one's own data", "want to hear about this less often"),
    "no_consent": pgettext_lazy("one's own data", "had not asked to hear about this"),
    "no_address": pgettext_lazy("one's own data", "have no address that we can write to"),
    "shared_address": pgettext_lazy(
        "one's own data", "share an address that got this message already"
    ),
    "won_back": pgettext_lazy(
        "one's own data", "had enough messages from us since we last heard from you"
    ),
    "told_against": pgettext_lazy(
        "one's own data", "told us in your own words that you do not want this"
    ),
    "paused": pgettext_lazy("one's own data", "were taking a break from us"),
    "first_not_sale": pgettext_lazy(
        "one's own data", "had heard nothing from us yet, and an offer should not come first"
    ),
    "suppressed": pgettext_lazy(
        "one's own data", "could not be written to: mail came back, or we were asked not to"
    ),
    "silent": pgettext_lazy("one's own data", "let our last messages about this pass"),
    "coordinated": pgettext_lazy("one's own data", "get another message in its place"),
    "other_channel": pgettext_lazy("one's own data", "wished to hear about this by another way"),
    "stopped": pgettext_lazy("one's own data", "asked us to stop all messages"),
    "opted_out": pgettext_lazy("one's own data", "no longer want to hear about this"),
    "host_opt_out": pgettext_lazy(
        "one's own data", "are marked in our customer database as not to be contacted"
    ),
    "capped": pgettext_lazy("one's own data", "had another message that week"),
    "too_new": pgettext_lazy("one's own data", "do not know us well enough yet for this"),
}
_HAPPENED: dict[str, Text] = {
    "consent.grant": _("you wished to hear about"),
    "consent.withdraw": _("you wished to hear no more about"),
    "consent.expired": _("the time ended for which you wished to hear about"),
    "consent.renewal_asked": _("we asked whether you would like to go on hearing about"),
    "consent.renewal_not_asked": _("our question whether you would like to go on did not leave us"),
    "wish.goes_on": _("you said that you would like to go on hearing about"),
    "pause.begun": _("your break began"),
    "pause.ended": _("your break ended"),
    "frequency.chosen": _("you chose how often"),
    "language.chosen": _("you chose your language"),
    "stage.moved": _("How well we know each other"),
    "statement.said": _("you told us something"),
    "statement.tied": _("we read what you told us"),
    "statement.taken_back": _("you took back something you had told us"),
    "stop.hard_bounce": _("a stop, since the address does not exist"),
    "stop.complaint": _("a stop, since a message was marked as spam"),
    "stop.unsubscribed": _("a stop of all messages"),
    "stop.manual": _("a stop of all messages"),
    "stop.imported": _("a stop that came with a list"),
    "stop.erased": _("a stop, since everything was to be erased"),
    "stop.lifted": _("the end of a stop"),
    "group.joined": _("we put you in the group"),
    "group.left": _("you are no longer in the group"),
    "person.erased": _("everything was erased"),
    "group.corrected": _("you told us that you do not belong in the group"),
    "group.correction_ended": _("you may be in the group again"),
}
_BY: dict[str, Text] = {
    CUSTOMER.name: pgettext_lazy("who did it", "you"),
    SYSTEM.name: pgettext_lazy("who did it", "nobody: it happened by itself"),
}

SAID = {
    "stage": _STAGE,
    "act": _ACT,
    "source": _SOURCE,
    "reason": _STOPPED,
    "outcome": _OUTCOME,
    "state": _STATE,
    "left_out_because": _LEFT_OUT,
    "what": _HAPPENED,
    "by": _BY,
}
"""By the name of the column, then by code."""


def said_to_them(column: str, value: Coded) -> Text:
    """The meaning of a code in a column of what we hold; staff's words where we have no others."""
    return SAID.get(column, {}).get(value.code, value.words)
