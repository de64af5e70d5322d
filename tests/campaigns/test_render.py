from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from outreach.campaigns.merge import FIELDS
from outreach.campaigns.models import Campaign, Variant
from outreach.campaigns.render import RenderedEmail, render_email
from outreach.links.addresses import MessageLinks
from outreach.preferences.models import Topic
from outreach.senders.models import Sender
from tests.campaigns.test_merge import MARIA

LINKS = MessageLinks(
    preferences_url="https://crm.example.com/p/abc",
    unsubscribe_url="https://crm.example.com/u/abc",
    why_url="https://crm.example.com/p/abc#why",
    go_on_url="https://crm.example.com/p/abc#go-on",
)
HOSTILE = "<script>alert(1)</script>\r\nBcc: x@example.com {{ company }} {% include 'x' %}"


def rendered(
    body: str = "Dear {{ given_name | friend }},\n\ncome and taste.",
    *,
    subject: str = "A tasting",
    preheader: str = "",
    fields: dict[str, str] | None = None,
    language: str = "en",
    **campaign: Any,
) -> RenderedEmail:
    sender = Sender(
        name="Anna Bianchi",
        role="visits and tastings",
        phone="+39 0141 555 0100",
        email="anna@example.com",
    )
    justification = campaign.pop("justification", "you asked for tastings near Asti")
    topic = Topic(name="Tastings and visits")
    owner = Campaign(name="x", topic=topic, sender=sender, justification=justification, **campaign)
    variant = Variant(campaign=owner, subject=subject, preheader=preheader, body=body)
    return render_email(variant, fields=fields or MARIA, links=LINKS, language=language)


class Tags(HTMLParser):
    """Collects the tags, attributes and addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def test_plain_text_reads_well_by_itself() -> None:
    assert rendered().text == (
        "Dear Maria,\n"
        "\n"
        "come and taste.\n"
        "\n"
        "Anna Bianchi\n"
        "visits and tastings\n"
        "+39 0141 555 0100\n"
        "anna@example.com\n"
        "\n"
        "----------\n"
        "\n"
        "You get this because you asked for tastings near Asti.\n"
        "\n"
        "Change what you hear from us:\n"
        "https://crm.example.com/p/abc\n"
        "\n"
        "No more of these:\n"
        "https://crm.example.com/u/abc\n"
        "\n"
        "Cantina Rossi, Via Roma 1, 14100 Asti AT, Italy\n"
    )


def test_b5_b6_the_html_says_why_who_and_the_ways_out() -> None:
    html = rendered().html
    assert "You get this because you asked for tastings near Asti." in html
    assert "Anna Bianchi" in html
    assert {
        "tel:+3901415550100",
        "mailto:anna@example.com",
        LINKS.preferences_url,
        LINKS.unsubscribe_url,
    } <= set(Tags(html).addresses)


def test_web_addresses_of_the_author_become_links_and_their_full_stop_does_not() -> None:
    mail = rendered("See https://example.com/a?b=1&c=2. Or (https://example.com/d)")
    assert {"https://example.com/a?b=1&c=2", "https://example.com/d"} <= set(
        Tags(mail.html).addresses
    )
    assert "https://example.com/a?b=1&c=2." in mail.text


def test_what_a_person_is_called_never_becomes_a_link() -> None:
    fields = {**MARIA, "given_name": "https://evil.example/win"}
    assert "https://evil.example/win" not in Tags(rendered(fields=fields).html).addresses


def test_lines_and_paragraphs_are_kept() -> None:
    html = rendered("one\r\ntwo\r\n \r\nthree").html
    assert "one<br>\ntwo</p>" in html
    assert ">three</p>" in html


def test_html_has_inline_styles_only_and_nothing_active() -> None:
    tags = Tags(rendered().html)
    assert not {"script", "style", "link", "img", "iframe", "form"} & set(tags.tags)
    assert not {name for name in tags.attributes if name.startswith("on")}


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_hostile_values_stay_words(field: str) -> None:
    mail = rendered(
        f"Hello {{{{ {field} }}}}",
        subject=f"For {{{{ {field} }}}}",
        fields={**MARIA, field: HOSTILE},
    )
    assert "script" not in Tags(mail.html).tags
    assert "\n" not in mail.subject
    assert "{{ company }}" in mail.text
    EmailMultiAlternatives(mail.subject, mail.text, "a@example.com", ["b@example.com"]).message()


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__ }}",
        "{% include 'admin/login.html' %}",
        "{% load static %}{% static 'x' %}",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "x" * 100_000,
        "\r\n" * 5_000,
    ],
)
def test_hostile_text_that_got_past_the_form_is_harmless(body: str) -> None:
    mail = rendered(body)
    assert not {"script", "img", "input"} & set(Tags(mail.html).tags)
    assert "<class" not in mail.text


def test_hostile_justification_is_escaped() -> None:
    html = rendered(justification="<script>x</script> {{ given_name }}").html
    assert "script" not in Tags(html).tags
    assert "{{ given_name }}" in html


@pytest.mark.parametrize(
    ("known", "spoken", "words"),
    [
        ("it", "it", "Riceve questo messaggio"),
        ("ru_RU", "ru", "Это сообщение пришло"),
        ("de", "es", "Recibe este mensaje"),
        ("", "es", "Recibe este mensaje"),
        ("../../etc", "es", "Recibe este mensaje"),
        ("en-GB", "en", "You get this"),
    ],
)
def test_the_frame_is_in_the_persons_language_or_the_sites(
    settings: Settings, known: str, spoken: str, words: str
) -> None:
    settings.LANGUAGE_CODE = "es-ar"
    mail = rendered(language=known)
    assert f'<html lang="{spoken}"' in mail.html
    assert words in mail.html
    assert words in mail.text


def test_a_site_in_a_language_we_lack_speaks_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "de"
    assert '<html lang="en"' in rendered(language="fr").html


def test_the_preview_line_comes_first() -> None:
    html = rendered(preheader="For {{ given_name }}: Saturday").html
    assert html.index("For Maria: Saturday") < html.index("Dear Maria")


def test_line_breaks_in_a_subject_that_got_past_the_form_cannot_make_a_header() -> None:
    mail = rendered(subject="A tasting\r\nBcc: all@example.com", preheader="one\ntwo")
    assert mail.subject == "A tasting Bcc: all@example.com"
    assert "one two" in mail.html
