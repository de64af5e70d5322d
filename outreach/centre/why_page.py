"""Why somebody hears from us: each message with its reasons, each group, each to be corrected."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from outreach.centre import correct
from outreach.centre.answering import who_answers
from outreach.centre.form import BadForm, posted
from outreach.centre.language import speaking_to
from outreach.centre.link import Link, follow
from outreach.centre.page import page, public
from outreach.centre.written import written_to
from outreach.groups.belonging import groups_of
from outreach.groups.models import GroupExclusion
from outreach.links.paths import path_to
from outreach.links.tokens import BadToken, Scope
from outreach.tracking.storable import storable

MOST_SAID = 1000
TOPIC = "topic"


@public
def reasons(request: HttpRequest, token: str) -> HttpResponse:
    """Why we wrote, message by message, and which groups the person is in (B5, D4)."""
    link = follow(Scope.PREFERENCES, token)
    if link.recipient.erased_at:
        raise BadToken
    if request.method == "POST":
        _correct(link, posted(request))
        return HttpResponseRedirect("?saved=1", status=303)
    with speaking_to(link.recipient):
        return _page(link, token, request.GET)


def _correct(link: Link, form: QueryDict) -> None:
    said = storable(form.get("said", "").strip(), most=MOST_SAID)
    match form.get("do"), form.get("what", ""):
        case ("no-more", _) | ("not-so", "topic"):
            correct.no_more(link, form.get("message", ""), said=said)
        case "not-so", group_key:
            correct.not_in_group(link, group_key, said=said)
        case "in-again", group_key:
            correct.in_again(link, group_key)
        case _:
            raise BadForm


def _page(link: Link, token: str, asked: QueryDict) -> HttpResponse:
    groups = groups_of(link.recipient)
    said_no = GroupExclusion.objects.filter(recipient=link.recipient).select_related("group")
    return page(
        "outreach/centre/reasons.html",
        {
            "written": written_to(link, asked.get("page"), groups),
            "groups": groups,
            "said_no": said_no.order_by("group__name"),
            "is_saved": "saved" in asked,
            "preferences_url": path_to("preferences", token),
            "topic_key": TOPIC,
            "answering": who_answers(link.sender),
        },
    )
