"""Answers the public pages before anything else of the host does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from outreach.links.paths import URLCONF, prefix


class PublicPages:
    """Put first in MIDDLEWARE: a customer needs no session, login, tenant or language of the host.

    Hosts redirect, translate and guard what passes through them; a one-click unsubscribe must get
    through all the same (RFC 8058, 3.1: no redirect, no cookie). Whatever is not one of our pages
    goes on to the host untouched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = _page_at(request.path_info)
        if match is None:
            return self.get_response(request)
        request.resolver_match = match
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer


def _page_at(path: str) -> ResolverMatch | None:
    if not path.startswith(prefix()):
        return None
    try:
        return resolve("/" + path.removeprefix(prefix()), urlconf=URLCONF)
    except Resolver404:
        return None
