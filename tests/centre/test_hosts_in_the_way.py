"""Hosts redirect, translate and guard; our pages answer all the same, by middleware or include."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from pytest_django import Settings

from outreach.ledger.models import Attempt
from outreach.links.paths import prefix
from outreach.preferences.models import ConsentRecord
from tests.builders import make_topic
from tests.centre.messages import make_message, preferences_path, unsubscribe_path

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
