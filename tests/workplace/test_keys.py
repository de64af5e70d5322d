"""The key ring from the command line: a new key, and whether those in use open what was sent."""

import re
from io import StringIO
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from outreach.conf import conf
from outreach.conversations.models import InboundMail
from outreach.links.addresses import preferences_url, unsubscribe_url
from outreach.links.reply import reply_address
from tests.builders import make_recipient

pytestmark = pytest.mark.django_db
KEY = UUID(int=7)
BEFORE, NOW = {"2025": "the first secret"}, {"2025": "the first secret", "2026": "the second"}


def having(**outreach: object) -> override_settings:
    return override_settings(OUTREACH={**settings.OUTREACH, **outreach})


def said(*args: str) -> str:
    out = StringIO()
    call_command("outreach_keys", *args, stdout=out)
    return out.getvalue()


def complaints(*links: str) -> list[str]:
    out = StringIO()
    with pytest.raises(CommandError, match=r"docs/keys\.md"):
        call_command("outreach_keys", "check", *links, stdout=out)
    return [line for line in out.getvalue().splitlines() if line.startswith("BAD")]


def make_answer() -> None:
    number = InboundMail.objects.count()
    raw = f"To: {reply_address('d', KEY).upper()}\r\n\r\nYes, gladly."
    InboundMail.objects.create(provider="postmark", raw=raw, dedupe_key=str(number))


def test_a_new_key_is_a_line_for_the_settings_that_works() -> None:
    text = said("new")
    found = re.search(r'^    "(?P<id>[^"]+)": "(?P<secret>[^"]+)",$', text, re.MULTILINE)
    assert found
    assert found["id"] == f"{timezone.now():%Y-%m-%d}"
    assert len(found["secret"]) >= 43
    assert "at the end" in text
    link = preferences_url(KEY)
    with having(KEYS={**conf().keys, found["id"]: found["secret"]}):
        assert "BAD" not in said("check", link, preferences_url(KEY))


def test_two_new_keys_differ() -> None:
    first = said("new")
    assert first != said("new")
    with having(KEYS={f"{timezone.now():%Y-%m-%d}": "taken"}):
        assert f'"{timezone.now():%Y-%m-%d}b"' in said("new")


def test_a_ring_with_nothing_sent_is_in_order() -> None:
    with having(KEYS=NOW):
        text = said("check")
    assert "ok   '2026' signs, 2 verify" in text
    assert "No answer" in text


def test_what_older_keys_signed_still_opens() -> None:
    with having(KEYS=BEFORE):
        links = preferences_url(KEY), unsubscribe_url(KEY)
        make_answer()
    with having(KEYS=NOW):
        make_answer()
        text = said("check", *links)
    assert "All 2 signed addresses that were answered fit a key" in text
    assert text.count("is signed with '2025' and opens") == 2


def test_a_key_taken_out_is_missed() -> None:
    with having(KEYS=BEFORE):
        link = preferences_url(KEY)
        make_answer()
    with having(KEYS={"2026": "the second"}):
        answers, opened = complaints(link)
    assert "1 of 1 signed addresses" in answers
    assert "'2025', which is not in the ring" in opened


def test_another_secret_under_the_same_id_is_told() -> None:
    with having(KEYS=BEFORE):
        link = unsubscribe_url(KEY)
    with having(KEYS={"2025": "another"}):
        (opened,) = complaints(link)
    assert "not as '2025' signs it" in opened


@pytest.mark.parametrize("keys", [{}, {"2026": ""}, {"of 2026": "secret"}])
def test_a_ring_that_cannot_sign_is_told(keys: dict[str, str]) -> None:
    with having(KEYS=keys):
        assert any("cannot sign" in line for line in complaints())


@pytest.mark.parametrize("link", ["https://example.com/", "x", "https://example.com/q/a.b.c"])
def test_another_link_is_told(link: str) -> None:
    (opened,) = complaints(link)
    assert "no link to a public page of ours" in opened


def test_another_pepper_is_told() -> None:
    make_recipient()
    assert "The pepper fits all 1" in said("check")
    with having(PEPPER="another"):
        (pepper,) = complaints()
    assert "1 of 1 addresses were kept under another pepper" in pepper
