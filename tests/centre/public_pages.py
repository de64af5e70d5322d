"""Every public page, and how a test opens one that works. A page that is missing here fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern

from outreach import urls
from outreach.links.paths import path_to
from outreach.links.tokens import Scope, make
from outreach.signups.letter import confirm_url
from outreach.signups.models import SignUp
from tests.builders import make_recipient, make_topic, subscribe
from tests.centre.messages import data_token, make_message
from tests.signups.making import make_form, pending


@dataclass(frozen=True, slots=True)
class PublicPage:
    """`scope` is that of its token, None for a page that anybody may open; `open` makes what the
    page needs, and gives the last part of its address. Without a form it is there to be read."""

    scope: Scope | None
    open: Callable[[], str]
    has_form: bool = True


def _message_token(scope: Scope) -> Callable[[], str]:
    def token() -> str:
        maria, topic = make_recipient(), make_topic()
        subscribe(maria, topic)
        return make(scope, make_message(maria, topic=topic).key.hex)

    return token


def _data_token() -> str:
    maria, topic = make_recipient(), make_topic()
    subscribe(maria, topic)
    return data_token(make_message(maria, topic=topic))


def _form() -> str:
    return make_form(make_topic(), make_topic("New vintages")).slug


def _sign_up() -> str:
    return _token_of(pending())


def _token_of(row: SignUp) -> str:
    return confirm_url(row).rsplit("/", 1)[1]


PAGES: dict[str, PublicPage] = {
    "preferences": PublicPage(Scope.PREFERENCES, _message_token(Scope.PREFERENCES)),
    "unsubscribe": PublicPage(Scope.UNSUBSCRIBE, _message_token(Scope.UNSUBSCRIBE)),
    "reasons": PublicPage(Scope.PREFERENCES, _message_token(Scope.PREFERENCES)),
    "ask_data": PublicPage(Scope.PREFERENCES, _message_token(Scope.PREFERENCES)),
    "my_data": PublicPage(Scope.MY_DATA, _data_token, has_form=False),
    "erase": PublicPage(Scope.MY_DATA, _data_token),
    "confirm": PublicPage(Scope.CONFIRM, _sign_up),
    "sign_up": PublicPage(None, _form),
}
"""By the name of its address in `outreach.urls`."""

WITH_TOKEN = {name: page for name, page in PAGES.items() if page.scope is not None}


def names_in_urls() -> Iterator[str]:
    """The names of all our addresses that take something from whoever opens them.

    Not of the style sheet, which takes nothing, nor of the webhooks, which are Anymail's own.
    """
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.pattern.regex.groups:
            yield pattern.name or str(pattern.pattern)


def path_of(name: str) -> str:
    """The path of a page that works."""
    return path_to(name, PAGES[name].open())
