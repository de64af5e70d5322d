"""What the buttons of the preference page do: each reads its part of the form and says what it did.

What is said is one word, for the address of the page that comes next; `said.py` has it in full.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.centre import change, go_on, renew, stop
from outreach.centre.form import BadForm
from outreach.centre.link import Link
from outreach.centre.mistake import Mistake
from outreach.centre.seen import seen
from outreach.history.actor import CUSTOMER
from outreach.preferences.models import Source
from outreach.preferences.statements import (
    EnoughToday,
    NoWords,
    TooLong,
    say,
    statements_of,
    take_back,
)
from outreach.preferences.wish_models import AtMost
from outreach.recipients.language import SPOKEN, choose_language

SAVED, KEPT, LANGUAGE, TOLD, TAKEN_BACK = "1", "kept", "language", "told", "taken-back"
OFTEN = "often:"
"""What the field for how often begins with, before the topic's short name."""

LONGEST_BREAK = timedelta(days=731)


def do(link: Link, form: QueryDict) -> str:
    """Do what was asked, in the person's language and time zone.

    Raises BadForm for what the page does not offer, Mistake for what the person can put right.
    """
    deed = DEEDS.get(form.get("do", ""))
    if deed is None:
        raise BadForm
    return deed(link, form)


def last_day() -> date:
    """The longest that a break may last, two years."""
    return timezone.localdate() + LONGEST_BREAK


def _save(link: Link, form: QueryDict) -> str:
    often = {
        name.removeprefix(OFTEN): form.get(name, "") for name in form if name.startswith(OFTEN)
    }
    if not {*often.values()} <= {"", *AtMost.values}:
        raise BadForm
    is_all = change.save(link, seen(form), ticked=form.getlist("ticked"), often=often)
    return SAVED if is_all else KEPT


def _only(link: Link, form: QueryDict) -> str:
    change.only_this(link, form.get("only", ""))
    return SAVED


def _break(link: Link, form: QueryDict) -> str:
    for days in change.BREAKS:
        if form.get("days") == str(days):
            change.take_break(link, until=timezone.now() + timedelta(days=days))
            return SAVED
    raise BadForm


def _break_until(link: Link, form: QueryDict) -> str:
    typed = form.get("until", "")
    try:
        day = forms.DateField().clean(typed)
    except ValidationError:
        day = None
    if day is None:
        text = _("Choose the last day of your break.")
    elif day < timezone.localdate():
        text = _("This day is over. Choose one that is still to come.")
    elif day > last_day():
        text = _("That is more than two years. To end messages for good, stop them below.")
    else:
        end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        change.take_break(link, until=end)
        return SAVED
    raise Mistake("until", text, typed=typed)


def _end_break(link: Link, form: QueryDict) -> str:
    return SAVED if change.end_break(link, seen(form)) else KEPT


def _keep(link: Link, form: QueryDict) -> str:
    return SAVED if renew.keep(link, form.get("wish", ""), seen(form)) else KEPT


def _let_end(link: Link, form: QueryDict) -> str:
    renew.let_end(link, form.get("wish", ""))
    return SAVED


def _go_on(link: Link, form: QueryDict) -> str:
    go_on.go_on(link)
    return SAVED


def _stop(link: Link, form: QueryDict) -> str:
    stop.stop_everything(link)
    return SAVED


def _return(link: Link, form: QueryDict) -> str:
    return SAVED if change.come_back(link, seen(form)) else KEPT


def _language(link: Link, form: QueryDict) -> str:
    code = form.get("language", "?")
    if code and code not in SPOKEN:
        raise BadForm
    choose_language(link.recipient, code, by=CUSTOMER)
    return LANGUAGE


def _tell(link: Link, form: QueryDict) -> str:
    words = form.get("words", "")
    try:
        say(link.recipient, words, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    except NoWords:
        text = _("Write a few words first, then press the button.")
    except TooLong as refusal:
        text = ngettext(
            "That is %(over)d character more than we can keep. Please say it a little shorter.",
            "That is %(over)d characters more than we can keep. Please say it a little shorter.",
            refusal.over,
        ) % {"over": refusal.over}
    except EnoughToday:
        text = _(
            "You have told us much today, and we want to read it well. Please write again "
            "tomorrow, or call the number below."
        )
    else:
        return TOLD
    raise Mistake("words", text, typed=words)


def _take_back(link: Link, form: QueryDict) -> str:
    """Once is enough; what is not theirs, or was taken back before, is left alone."""
    key = form.get("statement", "")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise BadForm
    if statement := statements_of(link.recipient).filter(pk=int(key)).first():
        take_back(statement, by=CUSTOMER)
    return TAKEN_BACK


DEEDS: dict[str, Callable[[Link, QueryDict], str]] = {
    "save": _save,
    "only": _only,
    "break": _break,
    "break-until": _break_until,
    "end-break": _end_break,
    "keep": _keep,
    "let-end": _let_end,
    "go-on": _go_on,
    "stop": _stop,
    "return": _return,
    "language": _language,
    "tell": _tell,
    "take-back": _take_back,
}
