from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

Handler = Callable[[HttpRequest], HttpResponseBase]


def login_required(get_response: Handler) -> Handler:
    """Nobody sees anything before they log in."""

    def guard(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated or "/login/" in request.path:
            return get_response(request)
        return HttpResponseRedirect(f"/en/admin/login/?next={request.path}")

    return guard
