"""Whatever is typed into any public form, or put where its link should be: no harm, no error.

The pages are those of the URLconf, and the fields those that each page shows.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, product
from typing import Any
from urllib.parse import quote_from_bytes, urlencode
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.signing import Signer
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from outreach.centre.told import MOST
from outreach.links.paths import path_to
from outreach.links.tokens import Scope, make
from outreach.preferences.models import Source
from outreach.preferences.wish_models import Statement
from outreach.tracking.storable import storable
from tests.builders import make_recipient, make_topic
from tests.centre.html_on_page import Form, PageReader
from tests.centre.messages import all_rows, make_message, preferences_path
from tests.centre.naughty import NAUGHTY
from tests.centre.public_pages import PAGES, WITH_TOKEN, names_in_urls, path_of

pytestmark = pytest.mark.django_db

URLENCODED = "application/x-www-form-urlencoded"
STRICT = ("default-src 'none'", "base-uri 'none'", "form-action 'self'")


def test_every_public_address_is_tried_here() -> None:
    assert set(names_in_urls()) == PAGES.keys(), "Add it to tests/centre/public_pages.py."


@pytest.fixture(autouse=True)
def _without_limits(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "django.request")  # thousands of refusals
    settings.OUTREACH = {
        **settings.OUTREACH,
        "SIGN_UPS_PER_FORM": 10**6,
        "SIGN_UPS_PER_ADDRESS": 10**6,
    }


def forms_of(client: Client, name: str, path: str) -> list[Form]:
    """Those that the page shows; of a page to be read, one that somebody made up."""
    forms = PageReader(client.get(path).content.decode()).forms
    assert bool(forms) is PAGES[name].has_form, f"{path}: give its address what a form needs."
    return forms or [Form({"do": ["ask"], "said": [""]})]


def does_no_harm(answer: HttpResponseBase, text: str) -> None:
    """Not an error of ours, nothing reflected as it came, nothing inline."""
    assert answer.status_code < 500
    for name, value in answer.headers.items():
        assert "evil.example" not in value or name == "Location"
        assert not {"\r", "\n"} & set(value)
    body = getattr(answer, "content", b"").decode()
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    assert PageReader(body).harm == []
    policy = answer.headers["Content-Security-Policy"]
    assert all(part in policy for part in STRICT)
    assert "unsafe" not in policy
    if set(text) & set("<>\"'"):
        assert text.strip() not in body


def test_there_are_500_of_them() -> None:
    assert len(NAUGHTY) >= 500


@pytest.mark.parametrize("name", PAGES)
def test_500_naughty_strings_in_each_field_of_each_form(client: Client, name: str) -> None:
    path = path_of(name)
    for form in forms_of(client, name, path):
        for field in form.fields:
            others = [(key, v) for key, vs in form.fields.items() for v in vs[:1] if key != field]
            rest = urlencode([(key, value or "maria@example.com") for key, value in others])
            for raw in NAUGHTY:
                body = f"{field}={quote_from_bytes(raw)}&{rest}"
                answer = client.generic("POST", path, body, content_type=URLENCODED)
                does_no_harm(answer, raw.decode("utf-8", "replace"))
        does_no_harm(client.get(path), "")


def test_naughty_strings_that_are_kept_and_shown_again(client: Client) -> None:
    """A blockquote of ours for each statement, and nothing of what stands in it comes to life."""
    maria, topic = make_recipient(), make_topic()
    path = preferences_path(make_message(maria, topic=topic))
    texts = [raw.decode("utf-8", "replace") for raw in NAUGHTY]
    for some in (texts[start : start + MOST] for start in range(0, len(texts), MOST)):
        Statement.objects.all().delete()
        said = [storable(text, most=1000) for text in some]
        Statement.objects.bulk_create(
            Statement(recipient=maria, text=text, said_by="customer", source=Source.PREFERENCE_PAGE)
            for text in said
        )
        answer = client.get(path)
        assert answer.content.count(b"<blockquote") == len(some)
        for text in said:
            does_no_harm(answer, text)


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<svg/onload=alert(1)>",
        "<img src=x>",
        "<blockquote onclick=alert(1)>",
        "<p style='color:red'>",
        "<a href=' JavaScript:alert(1)'>",
        "<button formaction=https://evil.example>",
        "<iframe srcdoc=x>",
        "<base href=https://evil.example>",
    ],
)
def test_harm_is_seen(html: str) -> None:
    assert PageReader(f"<main>{html}</main>").harm


@pytest.mark.parametrize("name", PAGES)
def test_naughty_strings_as_names_of_fields_and_in_the_query(client: Client, name: str) -> None:
    path = path_of(name)
    for raw in NAUGHTY:
        text, quoted = raw.decode("utf-8", "replace"), quote_from_bytes(raw)
        answer = client.generic("POST", path, f"{quoted}={quoted}", content_type=URLENCODED)
        does_no_harm(answer, text)
    for raw in NAUGHTY[::5]:
        text, quoted = raw.decode("utf-8", "replace"), quote_from_bytes(raw)
        does_no_harm(client.get(path, QUERY_STRING=f"embed={quoted}&{quoted}"), text)


@pytest.mark.parametrize("name", PAGES)
def test_naughty_strings_where_the_link_should_be(client: Client, name: str) -> None:
    before = all_rows()
    start = path_to(name, "x")[:-1]
    for raw in NAUGHTY:
        answer = client.get(start + quote_from_bytes(raw[:3000]))
        does_no_harm(answer, raw.decode("utf-8", "replace"))
        assert answer.status_code == 404
    assert all_rows() == before


def forged(scope: Scope, real: str) -> Iterator[str]:
    """Tokens that open nothing, in eight shapes, without end."""
    key_id, value, signature = real.split(".")
    secret = django_settings.OUTREACH["KEYS"][key_id]
    salts = (f"outreach.links.{scope}", "outreach.links", "django.core.signing")
    cut = cycle(range(len(real)))
    others = cycle(sorted(set(Scope) - {scope}))
    while True:
        fresh = uuid4().hex
        yield f"{key_id}.{fresh}.{secrets.token_urlsafe(32)}"
        yield f"{key_id}.{fresh}.{signature}"
        yield f"{fresh[:9]}.{value}.{signature}"
        yield real[: next(cut)] + fresh[:3]
        yield make(next(others), value if fresh[0] < "8" else fresh)
        yield Signer(key=fresh, sep=".", salt=salts[0]).sign(f"{key_id}.{value}")
        yield Signer(key=django_settings.SECRET_KEY, sep=".", salt=salts[0]).sign(
            f"{key_id}.{fresh}"
        )
        yield Signer(key=secret, sep=".", salt=salts[1 + (fresh[0] < "8")]).sign(
            f"{key_id}.{value}"
        )


def test_10000_forged_tokens_get_one_answer_and_cost_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Cut, made up, signed by others or for another page: known as such before any query."""
    sources = {
        name: forged(page.scope, page.open()) for name, page in WITH_TOKEN.items() if page.scope
    }
    press = partial(client.post, data={"do": "confirm", "stop": "topic"})
    sends: tuple[Callable[[str], Any], ...] = (client.get, press)
    before, answers, tried = all_rows(), set[tuple[int, bytes]](), set[str]()
    with django_assert_num_queries(0):
        for name, send in cycle(product(sources, sends)):
            path = path_to(name, next(sources[name]))
            answer = send(path)
            answers.add((answer.status_code, answer.content))
            tried.add(path)
            if len(tried) == 10_000:
                break
    assert [status for status, _body in answers] == [404]
    assert all_rows() == before


@pytest.mark.parametrize("name", WITH_TOKEN)
def test_the_real_token_is_told_from_those(client: Client, name: str) -> None:
    assert client.get(path_of(name)).status_code == 200
