"""System checks of the addresses in messages: they have to lead to our pages."""

import inspect
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import Resolver404, resolve
from django.utils import translation

from outreach.centre import views
from outreach.conf import conf
from outreach.links.paths import path_to

PUBLIC_PAGES = "outreach.middleware.PublicPages"


@register(Tags.compatibility)
def check_base_url(**kwargs: Any) -> list[CheckMessage]:
    """E009, W002: links in messages lead nowhere, or tell everyone on the way who reads them."""
    given = conf().base_url
    if not given:
        return []
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        return [
            Error(
                f"OUTREACH['BASE_URL'] is {given!r}, which is no absolute address of a site.",
                hint="Write scheme and host, and a path where there is one: "
                "https://crm.example.com",
                id="outreach.E009",
            )
        ]
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        return [
            checks.Warning(
                f"OUTREACH['BASE_URL'] is {given!r}: links in messages are not encrypted.",
                hint="Serve the site over https and write so; mail programs press "
                "“unsubscribe” over https alone (RFC 8058, 3.1).",
                id="outreach.W002",
            )
        ]
    return []


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@register(Tags.urls)
def check_public_pages(**kwargs: Any) -> list[CheckMessage]:
    """E014, W003: the way out that stands in every message has to lead to our page."""
    if PUBLIC_PAGES in settings.MIDDLEWARE:
        return [] if settings.MIDDLEWARE[0] == PUBLIC_PAGES else [_not_first()]
    path = path_to("preferences", "x")
    with translation.override(settings.LANGUAGE_CODE):
        try:
            answering = resolve(path, settings.ROOT_URLCONF).func
        except Resolver404:
            answering = None
    if answering and inspect.unwrap(answering) is inspect.unwrap(views.preferences):
        return []
    other = f" but {answering.__module__}.{answering.__qualname__}" if answering else ""
    return [
        Error(
            f"Links in messages lead to {path}, where not outreach answers{other or ' at all'}.",
            hint=f"Put {PUBLIC_PAGES!r} first in MIDDLEWARE, or include outreach.urls before "
            "whatever else answers there.",
            id="outreach.E014",
        )
    ]


def _not_first() -> CheckMessage:
    return checks.Warning(
        f"{PUBLIC_PAGES} is not the first in MIDDLEWARE.",
        hint="Put it first: what comes before it may redirect customers or ask them to log in.",
        id="outreach.W003",
    )
