"""Hosts redirect, translate and guard; our pages answer all the same, by middleware or include."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from pytest_django import Settings

from outreach.ledger.models import Attempt
from outreach.links.paths import prefix
from outreach.preferences.models import ConsentRecord
from tests.builders import make_topic
from tests.centre.messages import make_message, preferences_path, unsubscribe_path
from tests.centre.public_pages import PAGES, path_of

pytestmark = pytest.mark.django_db

OURS = "outreach.middleware.PublicPages"
THEIRS = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def blocking(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A host that lets nobody in."""
    return lambda request: HttpResponse("the host", status=403)


def broken_processor(request: HttpRequest) -> dict[str, object]:
    raise RuntimeError("no tenant for this request")


@pytest.fixture(params=["middleware", "include"])
def _strict_host(request: pytest.FixtureRequest, settings: Settings) -> None:
    settings.MIDDLEWARE = [OURS, *THEIRS] if request.param == "middleware" else THEIRS
    settings.APPEND_SLASH = True
    settings.SECURE_SSL_REDIRECT = request.param == "middleware"
    settings.USE_X_FORWARDED_HOST = True


@pytest.fixture
def attempt() -> Attempt:
    return make_message(topic=make_topic())


@pytest.mark.usefixtures("_strict_host")
def test_one_click_gets_through(attempt: Attempt) -> None:
    client = Client(enforce_csrf_checks=True)
    for content_type, body in (
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=a",
            '--a\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            "One-Click\r\n--a--\r\n",
        ),
    ):
        answer = client.post(
            unsubscribe_path(attempt), body, content_type=content_type, headers={"origin": "null"}
        )
        assert answer.status_code == 200
        assert not answer.cookies
    assert ConsentRecord.objects.get().source == "one_click"


@pytest.mark.usefixtures("_strict_host")
def test_the_pages_get_through(attempt: Attempt) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in (preferences_path(attempt), unsubscribe_path(attempt)):
        answer = client.get(path, headers={"accept-language": "it"})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
    assert client.post(preferences_path(attempt), {"do": "stop"}).status_code == 303
    assert client.get(f"{prefix()}p/broken").status_code == 404


@pytest.mark.usefixtures("_strict_host")
def test_the_providers_reports_get_through_to_anymail(client: Client) -> None:
    """400 is Anymail's own answer to a report without its secret."""
    answer = client.post(f"{prefix()}anymail/postmark/tracking/", "{}", "application/json")
    assert answer.status_code == 400


@pytest.fixture(params=["middleware", "include"])
def _strictest_host(request: pytest.FixtureRequest, settings: Settings) -> None:
    """All that stands in the way of RFC 8058 at once, and our pages below a language."""
    settings.MIDDLEWARE = [OURS, *THEIRS] if request.param == "middleware" else THEIRS
    settings.ROOT_URLCONF = "tests.links.by_language"
    settings.APPEND_SLASH = True
    settings.SECURE_SSL_REDIRECT = True
    settings.CSRF_USE_SESSIONS = True
    settings.SESSION_SAVE_EVERY_REQUEST = True
    settings.SECURE_HSTS_SECONDS = 3600


@pytest.mark.usefixtures("_strictest_host")
@pytest.mark.parametrize("accept_language", ["", "it", "ru"])
@pytest.mark.parametrize("body", ["urlencoded", "multipart"])
def test_rfc8058_all_at_once(attempt: Attempt, body: str, accept_language: str) -> None:
    """Over https, as the link says: no redirect, no cookie, no login, nothing to accept."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": accept_language})
    pair = {"List-Unsubscribe": "One-Click"}
    content: Any = {}
    if body == "urlencoded":
        content = {"content_type": "application/x-www-form-urlencoded"}
    sent: Any = pair if body == "multipart" else "List-Unsubscribe=One-Click"
    path = unsubscribe_path(attempt)
    assert path.startswith("/en/mail/u/")
    before = ConsentRecord.objects.count()
    for method in ("get", "head", "options"):
        answer = getattr(client, method)(path, secure=True)
        assert answer.status_code == (405 if method == "options" else 200)
        assert not answer.cookies
    assert ConsentRecord.objects.count() == before
    answer = client.post(path, sent, secure=True, **content)
    assert (answer.status_code, "Location" in answer) == (200, False)
    assert not answer.cookies
    assert ConsentRecord.objects.latest("pk").source == "one_click"


@pytest.mark.usefixtures("_strictest_host")
@pytest.mark.parametrize("name", PAGES)
def test_every_page_gets_through_the_strictest_host(name: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    path = path_of(name)
    for answer in (client.get(path, secure=True), client.post(path, {"do": "?"}, secure=True)):
        assert answer.status_code in {200, 303, 400, 422}
        assert "Content-Security-Policy" in answer


def test_plain_http_behind_a_redirecting_host_is_redirected_only_by_the_host(
    client: Client, attempt: Attempt, settings: Settings
) -> None:
    """By include alone the host's redirect applies; links are https, so nobody meets it."""
    settings.MIDDLEWARE, settings.SECURE_SSL_REDIRECT = THEIRS, True
    one_click = {"List-Unsubscribe": "One-Click"}
    assert client.post(unsubscribe_path(attempt), one_click).status_code == 301
    assert client.post(unsubscribe_path(attempt), one_click, secure=True).status_code == 200


def test_a_host_that_lets_nobody_in_is_not_asked(
    client: Client, attempt: Attempt, settings: Settings
) -> None:
    settings.MIDDLEWARE = [OURS, f"{__name__}.blocking"]
    settings.ALLOWED_HOSTS = ["elsewhere.example"]
    assert client.get(preferences_path(attempt)).status_code == 200


@pytest.mark.parametrize("path", ["", "x", "p", "u", "anymail/", "pp/x", "../admin/"])
def test_everything_else_goes_on_to_the_host(client: Client, settings: Settings, path: str) -> None:
    settings.MIDDLEWARE = [OURS, f"{__name__}.blocking"]
    assert client.get(prefix() + path).content == b"the host"
    assert client.get("/admin/").content == b"the host"
    assert client.get("/").content == b"the host"


@pytest.mark.parametrize(
    "urlconf",
    ["tests.links.no_include", "tests.links.at_the_root", "tests.links.by_language"],
)
def test_wherever_the_host_puts_us_the_links_arrive(
    client: Client, attempt: Attempt, settings: Settings, urlconf: str
) -> None:
    settings.ROOT_URLCONF = urlconf
    assert client.get(preferences_path(attempt)).status_code == 200
    answer = client.post(preferences_path(attempt), {"do": "stop"}, follow=True)
    assert answer.status_code == 200


def test_it_works_below_a_script_prefix(client: Client, attempt: Attempt) -> None:
    answer = client.get(preferences_path(attempt), SCRIPT_NAME="/crm")
    assert answer.status_code == 200


def test_the_hosts_context_processors_are_not_run(
    client: Client, attempt: Attempt, settings: Settings
) -> None:
    templates = settings.TEMPLATES[0]
    options = {"context_processors": [f"{__name__}.broken_processor"]}
    settings.TEMPLATES = [{**templates, "OPTIONS": options}]
    assert client.get(preferences_path(attempt)).status_code == 200


def test_a_host_may_put_its_own_frame_around_the_pages(
    client: Client, attempt: Attempt, settings: Settings
) -> None:
    frame = "<main>Rossi e figli {% block content %}{% endblock %}</main>"
    loaders = [
        ("django.template.loaders.locmem.Loader", {"outreach/centre/base.html": frame}),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": loaders},
        }
    ]
    page = client.get(preferences_path(attempt)).content.decode()
    assert page.startswith("<main>Rossi e figli")
    assert "Take a break" in page
