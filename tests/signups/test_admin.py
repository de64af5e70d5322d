"""B7: forms are made in the admin, with their words by version and their own numbers."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from outreach.signups.models import SignUp, SignUpForm, SignUpWording
from tests.builders import make_sender, make_topic
from tests.recipients.staff_pages import browser, html_of, links_in, queries, read, superuser
from tests.signups.making import form_path, go_through, make_form, sign_up

pytestmark = pytest.mark.django_db

ADD = "outreach_signupform_add"
CHANGE = "outreach_signupform_change"
LIST = "outreach_signupform_changelist"
PEOPLE = "outreach_signup_changelist"
SITE = "https://www.rossi.example"


@pytest.fixture
def anna() -> Client:
    return superuser()


def filled_in(**fields: Any) -> dict[str, Any]:
    return {
        "name": "Our site",
        "slug": "our-site",
        "title": "Hear from us",
        "intro": "",
        "topics": [make_topic("Tastings").pk],
        "asks_name": "on",
        "sender": make_sender().pk,
        "language": "it",
        "wording": "Yes, write to me.",
        "allowed_origins": "",
        "return_url": "",
        "is_active": "on",
        **fields,
    }


def save(anna: Client, form: SignUpForm | None = None, **fields: Any) -> str:
    page = reverse(f"admin:{CHANGE}", args=[form.pk]) if form else reverse(f"admin:{ADD}")
    return anna.post(page, filled_in(**fields), follow=True).content.decode()


def test_a_form_is_made_and_there_is_something_to_copy(anna: Client, client: Client) -> None:
    html = save(anna, allowed_origins=f"{SITE}/\n{SITE}", return_url=f"{SITE}/thanks/")
    form = SignUpForm.objects.get()
    assert (form.allowed_origins, form.slug) == (SITE, "our-site")
    assert html.count("outreach-snippet") == 3
    assert "outreach_sign_up &quot;our-site&quot;" in html
    (preview,) = (link for link in links_in(html) if "/outreach/s/" in link)
    assert preview.endswith(form_path(form))
    page = client.get(form_path(form))
    assert page["Content-Language"] == "it"
    assert "Hear from us" in page.content.decode()


def test_a_change_of_words_is_another_version_and_the_old_ones_stay(anna: Client) -> None:
    form = make_form(wording="Yes, write to me.")
    for wording in ("Yes, write to me.", "Yes, at most once a month.", "Yes, write to me."):
        save(anna, form, wording=wording)
    said = SignUpWording.objects.order_by("version").values_list("version", "text")
    assert list(said) == [
        (1, "Yes, write to me."),
        (2, "Yes, at most once a month."),
        (3, "Yes, write to me."),
    ]
    assert "Yes, at most once a month." in read(anna, CHANGE, form.pk)


def test_who_agreed_to_the_old_words_is_held_to_those(anna: Client, client: Client) -> None:
    form = make_form(wording="The old words.")
    row = sign_up(client, form)
    save(anna, form, wording="The new words.")
    row.refresh_from_db()
    assert row.wording is not None
    assert (row.wording.version, row.wording.text) == (1, "The old words.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"allowed_origins": "rossi.example"}, "is not a site"),
        ({"allowed_origins": f"{SITE}/page"}, "is not a site"),
        ({"allowed_origins": "https://a.example;script-src *"}, "is not a site"),
        ({"return_url": "https://elsewhere.example/"}, "on none of the sites above"),
        ({"return_url": "javascript:alert(1)"}, "on none of the sites above"),
        ({"return_url": f"{SITE}/a b", "allowed_origins": SITE}, "Enter a valid URL"),
        ({"wording": " "}, "This field is required"),
        ({"topics": []}, "This field is required"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_what_would_not_work_is_said_at_once(
    anna: Client, fields: dict[str, Any], said: str
) -> None:
    assert said in save(anna, **fields)
    assert not SignUpForm.objects.exists()


def test_a_page_of_our_own_site_may_come_after(anna: Client) -> None:
    save(anna, return_url="http://127.0.0.1:8000/thanks/")
    assert SignUpForm.objects.get().return_url == "http://127.0.0.1:8000/thanks/"


def test_each_number_leads_to_the_people_it_counts(anna: Client, client: Client) -> None:
    form = make_form()
    for day, email in ((10, "a@example.com"), (20, "b@example.com")):
        with time_machine.travel(datetime(2025, 5, day, tzinfo=UTC)):
            go_through(client, form, email)
    with time_machine.travel(datetime(2025, 5, 31, 22, 30, tzinfo=UTC)):  # 1 June in Rome
        row = sign_up(client, form, "c@example.com")
    SignUp.objects.filter(pk=row.pk).update(
        state="expired", address_value="", address_hash="", given_name="", family_name=""
    )
    html = html_of(anna, CHANGE, form.pk)
    figures = re.findall(r'<a href="([^"]*signup/\?[^"]*)">(\d+)</a>', html)
    assert [int(number) for _url, number in figures] == [3, 2, 1, 1, 0, 1, 2, 2, 0]
    for url, number in figures:
        page = anna.get(url.replace("&amp;", "&"))
        assert page.status_code == 200
        assert page.context["cl"].result_count == int(number)
    text = read(anna, CHANGE, form.pk)
    assert "All together 3 2 1 67 %" in text
    assert "June 2025 1 0 1 0 %" in text
    assert "May 2025 2 2 0 100 %" in text


def test_a_form_that_nobody_used_says_what_to_do_next(anna: Client) -> None:
    assert "Put it where people are" in read(anna, CHANGE, make_form().pk)


def test_a_closed_form_has_nothing_to_copy(anna: Client) -> None:
    assert "there is nothing to put on a page" in read(anna, CHANGE, make_form(is_active=False).pk)


def test_nothing_is_deleted_and_no_address_is_changed(anna: Client, client: Client) -> None:
    form = make_form()
    sign_up(client, form)
    assert anna.post(reverse("admin:outreach_signupform_delete", args=[form.pk])).status_code == 403
    save(anna, form, slug="another")
    form.refresh_from_db()
    assert form.slug != "another"


def test_the_lists_open_with_few_queries(anna: Client, client: Client) -> None:
    form = make_form()
    sign_up(client, form, "p@example.com")
    few = queries(anna, PEOPLE), queries(anna, LIST)
    for number in range(10):
        sign_up(client, make_form(), f"p{number}@example.com")
    assert (queries(anna, PEOPLE), queries(anna, LIST)) <= (few[0] + 1, few[1])


def test_who_may_see_forms_need_not_see_people() -> None:
    form = make_form()
    html = html_of(browser("view_signupform"), CHANGE, form.pk)
    assert "signup/?" not in html


def test_empty_lists_say_what_to_do_next(anna: Client) -> None:
    assert "Put a form where people are" in read(anna, PEOPLE)
    assert "Begin with “Add sign-up form”" in read(anna, LIST)


def test_a_sign_up_leads_to_the_person(anna: Client, client: Client) -> None:
    row = go_through(client, make_form())
    person = reverse("admin:outreach_recipient_change", args=[row.recipient_id])
    assert person in links_in(html_of(anna, "outreach_signup_change", row.pk))
