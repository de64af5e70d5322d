"""The pages behind the links of our messages. A GET only shows (statement 9)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from outreach.campaigns.render import phone_link
from outreach.centre import change, stop
from outreach.centre.form import BadForm, posted
from outreach.centre.language import speaking_to
from outreach.centre.link import Link, follow
from outreach.centre.page import page, public
from outreach.centre.standing import standing_of
from outreach.centre.why import why
from outreach.centre.wording import local_date, sentence
from outreach.links.paths import path_to
from outreach.links.tokens import BadToken, Scope
from outreach.preferences.models import Source


@public
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What we write to somebody about, why, and how they change it (B11, D4)."""
    link = follow(Scope.PREFERENCES, token)
    if link.recipient.erased_at:
        raise BadToken
    if request.method == "POST":
        _change(link, posted(request))
        return HttpResponseRedirect("?saved=1", status=303)
    with speaking_to(link.recipient):
        return _preference_page(link, token, is_saved="saved" in request.GET)


@public
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click of a mail program, or of a person on the page that a GET shows (RFC 8058)."""
    link = follow(Scope.UNSUBSCRIBE, token)
    if request.method == "POST":
        return _stop(link, posted(request))
    with speaking_to(link.recipient):
        return page("outreach/centre/unsubscribe.html", _about(link))


def _change(link: Link, form: QueryDict) -> None:
    match form.get("do"):
        case "save":
            change.save(link, shown=form.getlist("shown"), ticked=form.getlist("ticked"))
        case "break":
            change.take_break(link, days=_days(form))
        case "end-break":
            change.end_break(link)
        case "stop":
            stop.stop_everything(link)
        case "return":
            change.come_back(link)
        case _:
            raise BadForm


def _days(form: QueryDict) -> int:
    for days in change.BREAKS:
        if form.get("days") == str(days):
            return days
    raise BadForm


def _preference_page(link: Link, token: str, *, is_saved: bool) -> HttpResponse:
    standing = standing_of(link)
    return page(
        "outreach/centre/preferences.html",
        {
            **_about(link),
            "given_name": link.recipient.given_name,
            "standing": standing,
            "sentence": sentence(link, standing),
            "is_saved": is_saved,
            "break_ends_on": standing.paused_until and local_date(standing.paused_until),
            "breaks": change.BREAKS,
            "why": why(link),
            "own_pages": {
                "reasons": path_to("reasons", token),
                "data": path_to("ask_data", token),
            },
        },
    )


def _stop(link: Link, form: QueryDict) -> HttpResponse:
    if form.get("List-Unsubscribe", "").strip().lower() == "one-click":
        stop.stop_topic(link, source=Source.ONE_CLICK)
        return _one_click_done(link)
    match form.get("stop"):
        case "topic":
            stop.stop_topic(link, source=Source.PREFERENCE_PAGE)
        case stop.EVERYTHING:
            stop.stop_everything(link)
        case _:
            raise BadForm
    # The answer itself, and no redirect: it says what was done, and a repeat does no harm.
    with speaking_to(link.recipient):
        is_all = form["stop"] == stop.EVERYTHING
        return page("outreach/centre/stopped.html", {**_about(link), "is_all": is_all})


def _one_click_done(link: Link) -> HttpResponse:
    with speaking_to(link.recipient):
        text = _("Done. We write to you no more about %(topic)s.") % {"topic": link.topic.name}
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


def _about(link: Link) -> dict[str, object]:
    """What may stand on any page: of the message and its sender, not of its reader."""
    return {
        "topic": link.topic.name,
        "sender": link.sender,
        "phone_link": phone_link(link.sender),
    }
