"""The pages behind the links of our messages. A GET only shows (statement 9)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from outreach.centre import stop
from outreach.centre.answering import who_answers
from outreach.centre.deeds import do
from outreach.centre.form import BadForm, is_one_click, posted
from outreach.centre.language import speaking_to
from outreach.centre.link import Link, follow
from outreach.centre.mistake import Mistake
from outreach.centre.page import page, public
from outreach.centre.preference_page import preference_page
from outreach.kept_plans import kept_plans
from outreach.links.tokens import BadToken, Scope
from outreach.preferences.models import Purpose, Source


@public
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """What we write to somebody about, why, and how they change it (B11, D4)."""
    if request.method != "POST":
        with kept_plans():
            return _preferences_as_they_are(request, token)
    link = _followed(token)
    with speaking_to(link.recipient):
        try:
            code = do(link, posted(request))
        except Mistake as mistake:
            return preference_page(link, token, mistake=mistake)
    return HttpResponseRedirect(f"?saved={code}", status=303)


def _preferences_as_they_are(request: HttpRequest, token: str) -> HttpResponse:
    link = _followed(token)
    with speaking_to(link.recipient):
        return preference_page(link, token, code=request.GET.get("saved", ""))


def _followed(token: str) -> Link:
    link = follow(Scope.PREFERENCES, token)
    if link.recipient.erased_at:
        raise BadToken
    return link


@public
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click of a mail program, or of a person on the page that a GET shows (RFC 8058)."""
    link = follow(Scope.UNSUBSCRIBE, token)
    if request.method == "POST":
        try:
            return _stop(link, posted(request))
        except BadForm:
            return _unsubscribe_page(link, status=400)
    return _unsubscribe_page(link)


def _unsubscribe_page(link: Link, *, status: int = 200) -> HttpResponse:
    """With a word on it where something else was sent than a page or a mail program does."""
    with speaking_to(link.recipient):
        context = {**_about(link), "is_puzzled": status != 200}
        return page("outreach/centre/unsubscribe.html", context, status=status)


def _stop(link: Link, form: QueryDict) -> HttpResponse:
    if is_one_click(form):
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
        context = {
            **_about(link),
            "is_all": is_all,
            "news_stopped": _news_stopped(link) if _is_routine(link) else "",
        }
        return page("outreach/centre/stopped.html", context)


def _one_click_done(link: Link) -> HttpResponse:
    with speaking_to(link.recipient):
        text = _("Done. We write to you no more about %(topic)s.") % {"topic": link.topic.name}
        if _is_routine(link):
            text = f"{_news_stopped(link)} {_('What you order or book with us goes on as before.')}"
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


def _is_routine(link: Link) -> bool:
    """Whether more such messages come all the same, since they belong to what the person does."""
    return link.campaign is not None and link.campaign.purpose == Purpose.ROUTINE


def _news_stopped(link: Link) -> str:
    said = _("Done. We send you no more news or offers about %(topic)s.")
    return said % {"topic": link.topic.name}


def _about(link: Link) -> dict[str, object]:
    """What may stand on any page: of the message and its sender, not of its reader."""
    return {"topic": link.topic.name, "answering": who_answers(link.sender)}
