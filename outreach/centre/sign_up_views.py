"""The public forms: ask to hear from us, and say yes from the mailbox. A GET only shows."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from outreach.centre.form import BadForm, posted
from outreach.centre.language import language_of_browser
from outreach.centre.page import page, policy, public
from outreach.centre.sign_up_form import (
    Entry,
    clean_name,
    is_filled_in_by_hand,
    read_entry,
    stamp,
)
from outreach.centre.visitor import network_of
from outreach.preferences.opt_in import OptIn
from outreach.recipients.language import language_of
from outreach.signups.ask import Asked, Offer, ask, is_too_busy, offer_at
from outreach.signups.embed import TRAP
from outreach.signups.origins import allowed_origins
from outreach.tenancy import current_tenant, has_tenants, tenancy, tenants_marked

ADDRESS = re.compile(r"([-a-zA-Z0-9_]{1,60})(?:\.([0-9a-f]{32}))?/?")


@public
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """A form for anybody; `?embed=1` is the same for a frame on the sites it may stand on (B7)."""
    found = ADDRESS.fullmatch(token)
    slug, key = found.groups() if found else ("", None)
    for tenant in tenants_marked(UUID(key)) if key and has_tenants() else [current_tenant()]:
        with tenancy().activate(tenant):
            return _at(slug, request)
    return _at("", request)


def _at(slug: str, request: HttpRequest) -> HttpResponse:
    offer = offer_at(slug) if slug else None
    if offer is None:
        with translation.override(language_of_browser(request)):
            return page("outreach/centre/sign_up_closed.html", {}, status=404)
    with translation.override(_language(offer, request)):
        answer = _posted(offer, request) if request.method == "POST" else _shown(offer, request)
    if _is_embedded(request):
        _let_be_framed(answer, offer)
    return answer


def _posted(offer: Offer, request: HttpRequest) -> HttpResponse:
    """The answer says nothing of the address: what is known of it is looked up afterwards."""
    try:
        data = posted(request)
    except BadForm:
        notice = _("That did not reach us in one piece. Please try once more.")
        return _shown(offer, request, notice=notice, status=400)
    entry = read_entry(offer, data)
    if entry.errors:
        return _shown(offer, request, entry, status=422)
    if data.get(TRAP):
        return _thanks(entry, request)
    if not is_filled_in_by_hand(offer, data, request):
        notice = _("Is this right? Then please press the button once more.")
        return _shown(offer, request, entry, notice=notice)
    if is_too_busy(offer, network_of(request)):
        notice = _("So many ask just now that we cannot keep up. Please try again in an hour.")
        return _shown(offer, request, entry, notice=notice, status=429)
    ask(
        offer,
        Asked(
            email=entry.address,
            given_name=clean_name(entry.given_name),
            family_name=clean_name(entry.family_name),
            topics=entry.topics,
            language=_language(offer, request),
        ),
    )
    return _thanks(entry, request)


def _shown(
    offer: Offer,
    request: HttpRequest,
    entry: Entry | None = None,
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "offer": offer,
        "form": offer.form,
        "entry": entry or Entry(),
        "notice": notice,
        "stamp": stamp(offer),
        "trap": TRAP,
        "is_embedded": _is_embedded(request),
    }
    return page("outreach/centre/sign_up.html", context, status=status)


def _thanks(entry: Entry, request: HttpRequest) -> HttpResponse:
    is_at_once = all(topic.opt_in == OptIn.SINGLE for topic in entry.topics)
    context = {
        "address": entry.address,
        "is_at_once": is_at_once,
        "is_embedded": _is_embedded(request),
    }
    return page("outreach/centre/sign_up_asked.html", context)


def _language(offer: Offer, request: HttpRequest) -> str:
    return language_of(offer.form.language) if offer.form.language else language_of_browser(request)


def _is_embedded(request: HttpRequest) -> bool:
    return request.GET.get("embed") == "1"


def _let_be_framed(answer: HttpResponse, offer: Offer) -> None:
    sites = " ".join(allowed_origins(offer.form))
    answer.headers["Content-Security-Policy"] = policy(frame_ancestors=sites or "'none'")
    answer.xframe_options_exempt = bool(sites)
