"""What holds for each page: nothing inline, no cookie, no cache; small; in one's language."""

import re
from collections.abc import Callable

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from outreach.ledger.models import Attempt
from outreach.links.paths import prefix
from tests.builders import make_recipient, make_topic, subscribe
from tests.centre.messages import (
    ask_data_path,
    erase_path,
    make_message,
    my_data_path,
    preferences_path,
    reasons_path,
    unsubscribe_path,
)
from tests.signups.making import confirm_path, fill_in, form_path, go_through, make_form, pending

pytestmark = pytest.mark.django_db

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

Answer = Callable[[Client, Attempt], HttpResponseBase]

ANSWERS: dict[str, Answer] = {
    "preferences": lambda client, a: client.get(preferences_path(a)),
    "saved": lambda client, a: client.get(preferences_path(a) + "?saved=1"),
    "after saving": lambda client, a: client.post(preferences_path(a), {"do": "save"}),
    "unsubscribe": lambda client, a: client.get(unsubscribe_path(a)),
    "stopped": lambda client, a: client.post(unsubscribe_path(a), {"stop": "topic"}),
    "one click": lambda client, a: client.post(
        unsubscribe_path(a), {"List-Unsubscribe": "One-Click"}
    ),
    "reasons": lambda client, a: client.get(reasons_path(a)),
    "ask for data": lambda client, a: client.get(ask_data_path(a)),
    "asked for data": lambda client, a: client.get(ask_data_path(a) + "?asked=1"),
    "my data": lambda client, a: client.get(my_data_path(a)),
    "my data to read": lambda client, a: client.get(my_data_path(a) + "?as=html"),
    "erase": lambda client, a: client.get(erase_path(a)),
    "erase, sure": lambda client, a: client.post(erase_path(a), {"do": "go-on"}),
    "erased": lambda client, a: client.post(erase_path(a), {"do": "erase"}),
    "bad link": lambda client, a: client.get(f"{prefix()}p/x"),
    "bad form": lambda client, a: client.post(preferences_path(a), {"do": "?"}),
    "bad method": lambda client, a: client.put(preferences_path(a)),
    "sign-up": lambda client, a: client.get(form_path(make_form())),
    "sign-up with errors": lambda client, a: client.post(form_path(make_form())),
    "signed up": lambda client, a: fill_in(client, make_form()),
    "no form": lambda client, a: client.get(f"{prefix()}s/nothing"),
    "confirm": lambda client, a: client.get(confirm_path(pending())),
    "confirmed": lambda client, a: client.get(confirm_path(go_through(client, make_form()))),
    "forgotten": lambda client, a: client.post(confirm_path(pending()), {"do": "forget"}),
}


@pytest.fixture
def attempt() -> Attempt:
    maria, topic = make_recipient(), make_topic()
    subscribe(maria, topic)
    return make_message(maria, topic=topic)


@pytest.mark.parametrize("which", ANSWERS)
def test_it_keeps_to_itself(client: Client, attempt: Attempt, which: str) -> None:
    answer = ANSWERS[which](client, attempt)
    assert answer["Content-Security-Policy"] == CSP
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("which", ANSWERS)
def test_it_brings_no_script_and_no_inline_style(
    client: Client, attempt: Attempt, which: str
) -> None:
    answer = ANSWERS[which](client, attempt)
    body = getattr(answer, "content", b"").decode()
    assert not re.search(r"<script|<style|<iframe|<img|\sstyle=|\son[a-z]+=|javascript:", body)
    links = set(re.findall(r'(?:src|href)="([^"]*)"', body))
    assert {link for link in links if not re.search("/[des]/", link)} <= {
        "/static/outreach/centre.css",
        preferences_path(attempt),
        reasons_path(attempt),
        ask_data_path(attempt),
        "?as=html",
        "?as=json",
        "tel:+3901415550100",
    }


def test_a_page_with_its_style_is_under_50_kb(client: Client, attempt: Attempt) -> None:
    style = finders.find("outreach/centre.css")
    assert isinstance(style, str)
    with open(style, "rb") as file:
        size = len(file.read())
    assert size + len(client.get(preferences_path(attempt)).content) < 50_000


def test_static_files_on_another_host_may_be_loaded(
    client: Client, attempt: Attempt, settings: Settings
) -> None:
    settings.STATIC_URL = "https://static.rossi.example/files/"
    answer = client.get(preferences_path(attempt))
    assert "style-src 'self' https://static.rossi.example;" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("known", "spoken"),
    [
        ("it", "it"),
        ("IT", "it"),
        ("es-AR", "es"),
        ("ru_RU", "ru"),
        ("de", "en"),
        ("", "en"),
        ("?", "en"),
    ],
)
def test_it_speaks_the_persons_language_and_leaves_the_hosts_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch, known: str, spoken: str
) -> None:
    heard: list[str | None] = []
    original = translation.override.__enter__

    def listen(self: translation.override) -> None:
        original(self)
        heard.append(translation.get_language())

    attempt = make_message(make_recipient(language=known))
    monkeypatch.setattr(translation.override, "__enter__", listen)
    with translation.override("es"):
        heard.clear()
        client.get(preferences_path(attempt), headers={"accept-language": "fr"})
        assert spoken in heard
        assert translation.get_language() == "es"


def test_dates_are_written_the_way_of_the_language(client: Client) -> None:
    attempt = make_message(make_recipient(language="it", time_zone="Europe/Rome"))
    attempt.handed_over_at = attempt.claimed_at.replace(2025, 5, 3, 12)
    attempt.save()
    page = client.get(preferences_path(attempt)).content.decode()
    assert re.search(r'datetime="2025-05-03T14:\d\d:\d\d\+02:00"', page)
    assert re.search(r'title="sabato 3 maggio 2025 alle ore 14:\d\d">3 maggio 2025</time>', page)


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../etc/passwd", "Europe"])
def test_a_time_zone_we_do_not_know_is_no_error(client: Client, zone: str) -> None:
    attempt = make_message(make_recipient(time_zone=zone))
    assert client.get(preferences_path(attempt)).status_code == 200


def test_a_person_without_a_name_is_greeted_without_one(client: Client) -> None:
    page = client.get(preferences_path(make_message(make_recipient(name="")))).content.decode()
    assert "<h1>This is what we write to you about</h1>" in page
