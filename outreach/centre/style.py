"""The style of the public pages: a static file of the host's, and where it has none, a page."""

from functools import cache
from importlib.resources import files

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from outreach.links.paths import path_to

FILE = "outreach/centre.css"


def stylesheet() -> str:
    """Where the style is. A way out of messages must not hang on how a host serves its files.

    Some have no staticfiles at all, and a manifest raises ValueError for a file that was not
    collected yet.
    """
    if apps.is_installed("django.contrib.staticfiles"):
        try:
            return static(FILE)
        except ValueError:
            pass
    return path_to("style")


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        _text(),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )


@cache
def _text() -> str:
    return files("outreach").joinpath("static", FILE).read_text(encoding="utf-8")
