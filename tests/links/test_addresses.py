"""The addresses in messages are absolute, whole, and the same wherever they are made."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import set_script_prefix
from django.utils import translation
from pytest_django import Settings

from outreach.links.addresses import for_message, preferences_url, unsubscribe_url
from outreach.links.paths import prefix
from outreach.links.tokens import Scope, read

KEY = UUID(int=5)


@pytest.fixture
def _below_a_script_prefix() -> Iterator[None]:
    set_script_prefix("/crm/")
    yield
    set_script_prefix("/")


@pytest.fixture(autouse=True)
def _our_site(settings: Settings) -> None:
    settings.OUTREACH = {**settings.OUTREACH, "BASE_URL": "https://rossi.example/"}


def test_each_address_opens_its_own_page_for_this_message() -> None:
    start, preferences = preferences_url(KEY).rsplit("/", 1)
    other, unsubscribe = unsubscribe_url(KEY).rsplit("/", 1)

    assert (start, other) == (
        "https://rossi.example/outreach/p",
        "https://rossi.example/outreach/u",
    )
    assert read(Scope.PREFERENCES, preferences) == KEY.hex
    assert read(Scope.UNSUBSCRIBE, unsubscribe) == KEY.hex


def test_a_message_has_all_its_ways_out() -> None:
    links = for_message(KEY)
    assert links.preferences_url == preferences_url(KEY)
    assert links.unsubscribe_url == unsubscribe_url(KEY)
    assert links.why_url == preferences_url(KEY) + "#why"


@pytest.mark.parametrize(
    ("urlconf", "where"),
    [
        ("project.urls", "/outreach/"),
        ("tests.links.no_include", "/outreach/"),
        ("tests.links.at_the_root", "/"),
        ("tests.links.by_language", "/en/mail/"),
    ],
)
def test_the_prefix_is_the_one_the_host_chose(settings: Settings, urlconf: str, where: str) -> None:
    settings.ROOT_URLCONF = urlconf
    with translation.override("ru"):
        assert prefix() == where
        assert preferences_url(KEY).startswith(f"https://rossi.example{where}p/")


@pytest.mark.usefixtures("_below_a_script_prefix")
@pytest.mark.parametrize(
    "urlconf", ["project.urls", "tests.links.no_include", "tests.links.at_the_root"]
)
def test_a_link_made_in_a_request_equals_one_made_by_a_worker(
    settings: Settings, urlconf: str
) -> None:
    settings.ROOT_URLCONF = urlconf
    in_a_request = unsubscribe_url(KEY), prefix()
    prefix.cache_clear()
    set_script_prefix("/")
    assert (unsubscribe_url(KEY), prefix()) == in_a_request
