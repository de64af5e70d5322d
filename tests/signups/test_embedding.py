"""B7: a form stands on the company's own pages: as HTML, in a frame, or by a template tag."""

import re

import pytest
from django.template import Context, Template
from django.test import Client

from outreach.signups import mails
from outreach.signups.embed import snippets_of
from outreach.signups.models import SignUp, SignUpForm
from outreach.signups.origins import is_site, origin_of
from tests.builders import make_topic
from tests.signups.making import (
    MARIA,
    confirm_path,
    fill_in,
    form_path,
    make_form,
    offer,
    sign_up,
)

pytestmark = pytest.mark.django_db

SITE = "https://www.rossi.example"


def snippet(form: SignUpForm, key: str) -> str:
    return next(each.text for each in snippets_of(offer(form)) if each.key == key)


def test_plain_html_from_another_site_works_at_the_first_press(client: Client) -> None:
    """No cookie, no script, no stamp: the browser says on which site the form stands."""
    form = make_form(allowed_origins=SITE)
    html = snippet(form, "html")
    assert f'action="http://127.0.0.1:8000{form_path(form)}"' in html
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|csrf", html)
    client = Client(enforce_csrf_checks=True)
    answer = client.post(form_path(form), {"email": MARIA}, headers={"origin": SITE})
    assert "Now look at your mail" in answer.content.decode()
    assert not answer.cookies
    assert SignUp.objects.get().address_value == MARIA


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "", f"{SITE}.evil.com"])
def test_from_a_site_that_was_not_named_it_takes_a_second_press(
    client: Client, origin: str
) -> None:
    form = make_form(allowed_origins=SITE)
    answer = client.post(form_path(form), {"email": MARIA}, headers={"origin": origin})
    assert "press the button once more" in answer.content.decode()
    assert f'value="{MARIA}"' in answer.content.decode()
    assert not SignUp.objects.exists()


def test_the_snippet_asks_what_the_page_asks(client: Client) -> None:
    named, chosen = make_form(), make_form(make_topic(), make_topic(), asks_name=False)
    for form in (named, chosen):
        fields = re.compile(r'<input[^>]* name="(\w+)"')
        page = client.get(form_path(form)).content.decode()
        assert {*fields.findall(snippet(form, "html")), "t"} == set(fields.findall(page))


def test_what_staff_wrote_is_escaped_in_the_snippet() -> None:
    bad = '"><script>alert(1)</script>'
    form = make_form(make_topic(bad), make_topic(), title=bad, wording=bad)
    for each in snippets_of(offer(form)):
        assert "<script" not in each.text


def test_only_the_named_sites_may_frame_it(client: Client) -> None:
    form = make_form(allowed_origins=f"{SITE}\nhttps://shop.rossi.example")
    for path, sites in (
        (form_path(form), "'none'"),
        (f"{form_path(form)}?embed=1", f"{SITE} https://shop.rossi.example"),
        (f"{form_path(make_form())}?embed=1", "'none'"),
    ):
        answer = client.get(path)
        assert f"frame-ancestors {sites};" in answer["Content-Security-Policy"]
        is_free = getattr(answer, "xframe_options_exempt", False)
        assert is_free == (sites != "'none'")


def test_in_a_frame_there_is_the_form_alone_and_its_answer_too(client: Client) -> None:
    form = make_form(allowed_origins=SITE)
    path = f"{form_path(form)}?embed=1"
    assert path in snippet(form, "frame")
    assert "<footer>" not in client.get(path).content.decode()
    answer = client.post(path, {"email": MARIA}, headers={"origin": SITE})
    assert "<footer>" not in answer.content.decode()
    assert f"frame-ancestors {SITE};" in answer["Content-Security-Policy"]


def test_a_frame_gets_past_the_hosts_own_ban_on_frames(client: Client, settings: object) -> None:
    """By include alone, with the middleware that forbids frames to all pages of the host."""
    settings.MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware"]  # type: ignore[attr-defined]
    form = make_form(allowed_origins=SITE)
    assert "X-Frame-Options" not in client.get(f"{form_path(form)}?embed=1")
    assert client.get(form_path(form))["X-Frame-Options"] == "DENY"


def test_the_tag_puts_a_form_with_its_stamp_into_a_template_of_the_host() -> None:
    form = make_form()
    assert snippet(form, "tag") == f'{{% load outreach %}}{{% outreach_sign_up "{form.slug}" %}}'
    html = Template(snippet(form, "tag")).render(Context())
    assert 'name="t"' in html
    assert 'name="email"' in html


def test_the_tag_breaks_no_page_where_the_form_is_closed() -> None:
    closed = make_form(is_active=False)
    for slug in (closed.slug, "nothing", ""):
        text = f'{{% load outreach %}}[{{% outreach_sign_up "{slug}" %}}]'
        assert Template(text).render(Context()) == "[]"


def test_after_confirming_it_goes_on_to_the_companys_own_page(client: Client) -> None:
    form = make_form(allowed_origins=SITE, return_url=f"{SITE}/thanks/?a=1")
    row = sign_up(client, form)
    mails.sweep()
    page = client.get(confirm_path(row))
    assert f"form-action 'self' {SITE};" in page["Content-Security-Policy"]
    answer = client.post(confirm_path(row), {"do": "confirm"})
    assert (answer.status_code, answer["Location"]) == (303, f"{SITE}/thanks/?a=1")


def test_nobody_is_led_to_a_site_that_is_not_named_any_more(client: Client) -> None:
    form = make_form(return_url="https://elsewhere.example/")
    row = sign_up(client, form)
    mails.sweep()
    assert client.post(confirm_path(row), {"do": "confirm"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.rossi.example", "https://www.rossi.example"),
        ("HTTPS://WWW.Rossi.example:443/", "https://www.rossi.example"),
        ("http://127.0.0.1:8000/a?b#c", "http://127.0.0.1:8000"),
        ("https://vignè.example", "https://xn--vign-8oa.example"),
        ("https://[::1]:8000", "https://[::1]:8000"),
    ],
)
def test_a_site_is_its_scheme_host_and_port(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "",
        "null",
        "rossi.example",
        "javascript:alert(1)",
        "https://",
        "https://a b.example",
        "https://a.example;script-src *",
        "https://*.example",
        "https://user@rossi.example",
        "https://rossi.example:99999",
        "https://rossi.example/page",
        "https://a.example,https://b.example",
        "https://[::1",
        "'none'",
    ],
)
def test_whatever_else_is_no_site(address: str) -> None:
    assert not is_site(address)


def test_a_name_that_turns_the_line_around_is_kept_without_that(client: Client) -> None:
    fill_in(
        client, make_form(), given_name="Ma\u202eria\x00\r\nBcc: x", family_name=" Ròssi\u200e "
    )
    row = SignUp.objects.get()
    assert (row.given_name, row.family_name) == ("Maria Bcc: x", "Ròssi")
