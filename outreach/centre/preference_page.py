"""The page on which a person says what they want to hear (B11)."""

from datetime import datetime
from itertools import chain

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_info

from outreach.centre import change, deeds, go_on, renew
from outreach.centre.answering import who_answers
from outreach.centre.link import Link
from outreach.centre.mistake import Mistake
from outreach.centre.page import page
from outreach.centre.said import said
from outreach.centre.standing import standing_asked, standing_of
from outreach.centre.told import told, told_asked
from outreach.centre.why import why, why_asked
from outreach.centre.wording import OFTEN, local_date, sentence, what_is_wanted
from outreach.links.paths import path_to
from outreach.preferences.wish_models import LONGEST_STATEMENT
from outreach.prepared import asked_ahead
from outreach.recipients.language import SPOKEN, language_of

MOST_BUTTONS = 6
"""Up to so many topics have a button each under "only this"; more of them share a list."""


def preference_page(
    link: Link, token: str, *, code: str = "", mistake: Mistake | None = None
) -> HttpResponse:
    """How things stand now; `code` is what was just done, `mistake` what to put right first."""
    now = timezone.now()  # before anything is asked: what is refused from here on was not seen
    questions = chain(standing_asked(link, now), [told_asked(link)], why_asked(link, now))
    with asked_ahead(questions):
        context = _context(link, token, now, code, mistake)
    return page(
        "outreach/centre/preferences.html", context, status=422 if context["mistake"] else 200
    )


def _context(
    link: Link, token: str, now: datetime, code: str, mistake: Mistake | None
) -> dict[str, object]:
    answering = who_answers(link.sender)
    standing = standing_of(link, now)
    what = what_is_wanted(standing)
    words = sentence(standing, what, answering)
    if standing.is_silent and mistake and mistake.field == "until":
        mistake = None  # who hears nothing has nothing to take a break from
    return {
        "as_of": now.isoformat(),
        "answering": answering,
        "given_name": link.recipient.given_name,
        "standing": standing,
        "sentence": words,
        "said": None if mistake else said(code, words),
        "mistake": mistake,
        "endings": [] if standing.is_silent else renew.endings(standing, now),
        "asks_to_go_on": not standing.is_silent and go_on.asks(link, standing),
        "topic": link.topic.name,
        "often": [(often.value, str(text)) for often, text in OFTEN.items()],
        "wanted": what,
        "has_buttons": len(standing.wanted) <= MOST_BUTTONS,
        "break_ends_on": standing.paused_until and local_date(standing.paused_until),
        "breaks": change.BREAKS,
        "first_day": timezone.localdate(),
        "last_day": deeds.last_day(),
        "languages": [(code, _own_name(code)) for code in SPOKEN],
        "chosen_language": link.recipient.chosen_language,
        "recorded_language": _own_name(language_of(link.recipient.language)),
        "told": told(link),
        "longest": LONGEST_STATEMENT,
        "why": why(link, now),
        "own_pages": {
            "reasons": path_to("reasons", token),
            "data": path_to("ask_data", token),
        },
    }


def _own_name(code: str) -> str:
    """As those who read it call their language."""
    name = str(get_language_info(code)["name_local"])
    return name[:1].upper() + name[1:]
