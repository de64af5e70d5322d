"""What every public page has in common: who may open it, how it answers, what it may load."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt

from outreach.centre.form import BadForm
from outreach.centre.language import language_of_browser
from outreach.centre.style import stylesheet
from outreach.conf import conf
from outreach.links.tokens import BadToken, key_in
from outreach.tenancy import current_tenant, has_tenants, tenancy, tenants_to_ask

METHODS = ("GET", "HEAD", "POST")
SELF = "'self'"

View = Callable[[HttpRequest, str], HttpResponse]


def public(view: View) -> View:
    """A page for whoever holds its link.

    Free of the host's login and of the CSRF check: the signed token in the address is the
    authority, no cookie is read, so another site has nothing to ride on; and the mail programs
    that press "unsubscribe" bring no CSRF token (RFC 8058, 3.1).
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = _answer(view, request, token)
        for name, value in _headers().items():
            response.headers.setdefault(name, value)
        return response

    return answer


def page(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """A page in the language that is active.

    It is rendered without the request: no context processor of the host runs, so none can fail
    here or give something away.
    """
    language = pgettext("the code of the language of this translation", "en")
    common = {
        "company": conf().company_name,
        "postal_address": conf().postal_address,
        "language": language,
        "stylesheet": stylesheet(),
    }
    body = render_to_string(template, {**common, **context})
    return HttpResponse(body, status=status, headers={"Content-Language": language})


def _answer(view: View, request: HttpRequest, token: str) -> HttpResponse:
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    try:
        return _in_its_tenant(view, request, token)
    except BadToken:
        return _apology("outreach/centre/lost.html", request, status=404)
    except BadForm:
        return _apology("outreach/centre/not_understood.html", request, status=400)


def _in_its_tenant(view: View, request: HttpRequest, token: str) -> HttpResponse:
    """Whoever comes with a link comes without a tenant: the key in it says whose it is."""
    key = key_in(token) if has_tenants() else None
    for tenant in tenants_to_ask(key) if key else [current_tenant()]:
        with suppress(BadToken), tenancy().activate(tenant):
            return view(request, token)
    raise BadToken


def _apology(template: str, request: HttpRequest, *, status: int) -> HttpResponse:
    with translation.override(language_of_browser(request)):
        return page(template, {}, status=status)


def policy(*, frame_ancestors: str = "'none'", form_action: str = "") -> str:
    """What a page may load, who may frame it, and where its form may lead besides our site."""
    return (
        f"default-src 'none'; style-src {_place(stylesheet())}; "
        f"img-src {_place(settings.MEDIA_URL)}; "
        f"form-action {' '.join(filter(None, [SELF, form_action]))}; "
        f"frame-ancestors {frame_ancestors}; base-uri 'none'"
    )


def _headers() -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _place(address: str) -> str:
    """'self', and the host's own place for files where that is another."""
    place = urlsplit(address)
    return f"{SELF} {place.scheme}://{place.netloc}" if place.scheme and place.netloc else SELF
