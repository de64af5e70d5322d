"""The page behind the one link of the message to somebody who signed up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from outreach.calendars.wording import date_in_words
from outreach.centre.answering import who_answers
from outreach.centre.form import BadForm, is_one_click, posted
from outreach.centre.page import page, policy, public
from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict
from outreach.links.paths import path_to
from outreach.links.tokens import BadToken, Scope, read
from outreach.preferences.models import Source, Subscription, Suppression
from outreach.recipients.find import address_row
from outreach.recipients.language import language_of
from outreach.recipients.models import Channel
from outreach.signups.confirm import confirm, take_back
from outreach.signups.keep import forget
from outreach.signups.models import SignUp
from outreach.signups.origins import is_allowed, origin_of
from outreach.signups.standing import standing_at

HOLDS_BACK = {"stopped", "host_opt_out", "suppressed", "opted_out"}
"""Rules that no press in the mailbox takes back; a break and a limit pass by themselves."""


@public
def confirm_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes by a press, since mail programs open links by themselves; or take it back (B7)."""
    sign_up = follow(token)
    with translation.override(language_of(sign_up.language)):
        if request.method == "POST":
            return _posted(sign_up, posted(request))
        return _shown(sign_up)


def follow(token: str) -> SignUp:
    """The sign-up behind a token. Raises BadToken, before any query unless the token is ours."""
    try:
        key = UUID(read(Scope.CONFIRM, token))
    except ValueError as error:
        raise BadToken from error
    rows = SignUp.objects.select_related("form", "wording", "sender", "recipient", "address")
    sign_up = rows.filter(key=key).first()
    if sign_up is None or (sign_up.recipient and sign_up.recipient.erased_at):
        raise BadToken
    return sign_up


def _posted(sign_up: SignUp, data: QueryDict) -> HttpResponse:
    if is_one_click(data):
        take_back(sign_up, source=Source.ONE_CLICK)
        done = _("Done. We write to you no more about this.")
        return HttpResponse(f"{done}\n", content_type="text/plain; charset=utf-8")
    match data.get("do"):
        case "confirm":
            return _confirm(sign_up)
        case "forget":
            forget(sign_up)
        case "stop":
            take_back(sign_up)
        case _:
            raise BadForm
    sign_up.refresh_from_db()
    return _shown(sign_up)


def _confirm(sign_up: SignUp) -> HttpResponse:
    try:
        sign_up = confirm(sign_up)
    except Conflict:  # pressed twice, or too late
        sign_up.refresh_from_db()
        return _shown(sign_up)
    onward = sign_up.form.return_url if sign_up.form else ""
    if sign_up.form and is_allowed(sign_up.form, onward) and not _is_held_back(sign_up):
        return HttpResponseRedirect(onward, status=303)
    return _shown(sign_up)


def _shown(sign_up: SignUp) -> HttpResponse:
    if sign_up.state == SignUp.State.CONFIRMED:
        return _confirmed(sign_up)
    if sign_up.state != SignUp.State.PENDING or sign_up.expires_at <= timezone.now():
        return page("outreach/centre/confirm_over.html", _about(sign_up), status=410)
    topics = list(sign_up.topics.all())
    known = address_row(Channel.EMAIL, sign_up.address_value, tenant=sign_up.tenant)
    stops = standing_at(known, topics).stops
    context = {
        **_about(sign_up),
        "topics": topics,
        "wording": sign_up.wording.text if sign_up.wording else "",
        "had_stopped": Suppression.Reason.UNSUBSCRIBED in stops,
        "until": date_in_words(timezone.localtime(sign_up.expires_at).date()),
    }
    return _with_way_on(page("outreach/centre/confirm.html", context), sign_up)


def _confirmed(sign_up: SignUp) -> HttpResponse:
    wanted = Subscription.objects.filter(
        recipient=sign_up.recipient, channel=Channel.EMAIL, is_granted=True
    )
    topics = list(sign_up.topics.filter(pk__in=wanted.values("topic")))
    context = {**_about(sign_up), "topics": topics, "is_held_back": _is_held_back(sign_up)}
    return page("outreach/centre/confirmed.html", context)


def _is_held_back(sign_up: SignUp) -> bool:
    """Whether something that only people of ours can mend keeps us from writing."""
    return sign_up.recipient is not None and any(
        rule.code in HOLDS_BACK
        for topic in sign_up.topics.all()
        for rule in may_contact(sign_up.recipient, topic, Channel.EMAIL).refused_by
    )


def _with_way_on(answer: HttpResponse, sign_up: SignUp) -> HttpResponse:
    """A policy that lets the answer to the form lead to the company's own site."""
    onward = sign_up.form.return_url if sign_up.form else ""
    if sign_up.form and is_allowed(sign_up.form, onward):
        answer.headers["Content-Security-Policy"] = policy(form_action=origin_of(onward))
    return answer


def _about(sign_up: SignUp) -> dict[str, object]:
    is_open = sign_up.form is not None and sign_up.form.is_active
    return {
        "answering": who_answers(sign_up.sender),
        "form_url": path_to("sign_up", sign_up.form.page) if is_open and sign_up.form else "",
    }
