"""Statement 9, B1: a link scanner runs scripts, and still decides nothing for anybody."""

import hashlib
import re
from html import unescape

import pytest
import requests
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from outreach.dispatch import send
from outreach.signups import mails
from tests.builders import make_recipient, make_topic, start_campaign
from tests.centre.messages import all_rows
from tests.signups.making import go_through, make_form, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TIMES = 3
METHODS = ("GET", "HEAD", "OPTIONS")
URL = re.compile(r"https?://[^\s\"'<>]+")


@pytest.fixture(autouse=True)
def _a_site(live_server: LiveServer, settings: Settings) -> None:
    """Links lead to the server of the test; nothing works in the background, so nothing stirs."""
    settings.OUTREACH = {
        **settings.OUTREACH,
        "BASE_URL": live_server.url,
        "MAILER": "django.core.mail.backends.locmem.EmailBackend",
    }


def hash_of_all_tables() -> str:
    return hashlib.sha256(repr(all_rows()).encode()).hexdigest()


def links_of(message: EmailMultiAlternatives) -> set[str]:
    """Every web address in a message: in both its parts, and in its headers."""
    parts = [str(message.body), *(str(part) for part, _kind in message.alternatives)]
    text = "\n".join([*map(unescape, parts), *message.extra_headers.values()])
    return {found.rstrip(".,)") for found in URL.findall(text)}


def messages_of_every_kind() -> list[EmailMultiAlternatives]:
    start_campaign(make_recipient("zita@example.com"), make_recipient("ugo@example.com"))
    send.sweep()
    client = Client()
    go_through(client, make_form(), "maria@example.com")
    sign_up(client, make_form(), "piero@example.com")
    sign_up(client, make_form(make_topic(opt_in="single")), "rosa@example.com")
    mails.sweep()
    sent: list[EmailMultiAlternatives] = mail.outbox  # type: ignore[assignment]
    assert len(sent) == 5
    return sent


def test_every_link_opened_three_times_by_chromium_changes_no_row(
    browser: Browser, live_server: LiveServer
) -> None:
    links = {link for message in messages_of_every_kind() for link in links_of(message)}
    assert all(link.startswith(live_server.url) for link in links)
    assert {link.split("/")[4] for link in links} == {"p", "u", "c"}
    before = hash_of_all_tables()

    context = browser.new_context(java_script_enabled=True)
    for link in sorted(links) * TIMES:
        page = context.new_page()
        answer = page.goto(link, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert page.get_by_role("button").count()
        page.close()
    assert context.cookies() == []
    context.close()

    for link in links:
        for method in METHODS:
            answered = requests.request(method, link, timeout=10, allow_redirects=False)
            assert answered.status_code == (405 if method == "OPTIONS" else 200)
            assert "Set-Cookie" not in answered.headers
    assert hash_of_all_tables() == before

    requests.post(next(link for link in links if "/u/" in link), data={"stop": "topic"}, timeout=10)
    assert hash_of_all_tables() != before
