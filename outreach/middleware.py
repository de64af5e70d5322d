"""Answers the public pages before anything else of the host does."""

import logging
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from outreach.links.paths import URLCONF, prefix

logger = logging.getLogger("outreach")


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
        try:
            answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except SuspiciousOperation as error:
            # The host's page for a bad request needs what the host's middleware makes ready.
            logger.warning("Bad request for a public page: %s", type(error).__name__)
            return HttpResponseBadRequest()
        return answer


def _page_at(path: str) -> ResolverMatch | None:
    if not path.startswith(prefix()):
        return None
    try:
        return resolve("/" + path.removeprefix(prefix()), urlconf=URLCONF)
    except Resolver404:
        return None
