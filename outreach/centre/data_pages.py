"""My data: ask for the link, see it, take it along, have it erased (B12, GDPR 15, 17 and 20).

A link in a message is good for asking alone. What it asks for goes to the address itself, as a
link of its own that lasts an hour and shows the one person it was asked for.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from outreach.centre.answering import who_answers
from outreach.centre.ask_data import ask, open_data
from outreach.centre.data_file import as_html, as_json, shown
from outreach.centre.form import BadForm, posted
from outreach.centre.language import language_of_browser, speaking_to
from outreach.centre.link import follow
from outreach.centre.models import DataRequest
from outreach.centre.page import page, public
from outreach.exceptions import Conflict
from outreach.history.actor import CUSTOMER
from outreach.links.paths import path_to
from outreach.links.short_lived import TooLate
from outreach.links.tokens import BadToken, Scope
from outreach.recipients.erase import erase
from outreach.recipients.held import sections_of

MOST_SHOWN = 20
BY_THEMSELVES = "asked_here"


@public
def ask_data(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is to be had, and with POST send the link; the answer is the same in any case."""
    link = follow(Scope.PREFERENCES, token)
    if link.recipient.erased_at:
        raise BadToken
    if request.method == "POST":
        if posted(request).get("do") != "ask":
            raise BadForm
        ask(link)
        return HttpResponseRedirect("?asked=1", status=303)
    with speaking_to(link.recipient):
        context = {
            "is_asked": "asked" in request.GET,
            "preferences_url": path_to("preferences", token),
            "answering": who_answers(link.sender),
        }
        return page("outreach/centre/ask_data.html", context)


@public
def my_data(request: HttpRequest, token: str) -> HttpResponse:
    """Everything we hold of the person who asked; `?as=json` and `?as=html` give it as a file."""
    asked = _opened(token)
    if asked is None:
        return _too_late(request)
    if request.method == "POST":
        raise BadForm
    with speaking_to(asked.recipient):
        sections = sections_of(asked.recipient)
        match request.GET.get("as"):
            case "json":
                return as_json(sections)
            case "html":
                return as_html(sections)
        context: dict[str, object] = {
            "sections": shown(sections, most=MOST_SHOWN),
            "erase_url": path_to("erase", token),
            "answering": who_answers(asked.sender),
        }
        return page("outreach/centre/my_data.html", context)


@public
def erase_data(request: HttpRequest, token: str) -> HttpResponse:
    """What erasing means; a first POST asks once more, a second one does it (GDPR 17)."""
    asked = _opened(token)
    if asked is None:
        return _too_late(request)
    step = posted(request).get("do") if request.method == "POST" else "read"
    if step not in {"read", "go-on", "erase"}:
        raise BadForm
    with speaking_to(asked.recipient):
        context: dict[str, object] = {
            "data_url": path_to("my_data", token),
            "answering": who_answers(asked.sender),
        }
        if step == "erase":
            try:
                erase(asked.recipient, by=CUSTOMER, reason=BY_THEMSELVES)
            except Conflict as error:
                raise BadToken from error
            return page("outreach/centre/erased.html", context)
        return page("outreach/centre/erase.html", {**context, "is_sure": step == "go-on"})


def _opened(token: str) -> DataRequest | None:
    """None where the link is ours and its hour is over. Raises BadToken."""
    try:
        return open_data(token)
    except TooLate:
        return None


def _too_late(request: HttpRequest) -> HttpResponse:
    with translation.override(language_of_browser(request)):
        return page("outreach/centre/too_late.html", {}, status=410)
