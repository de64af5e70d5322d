"""Signing up, saying yes, and having everything erased, without a mouse (WCAG 2.1.1)."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from outreach.centre import sign_up_form
from outreach.links.paths import path_to
from outreach.recipients.models import Recipient
from outreach.signups.models import SignUp
from tests.browser.keyboard import tab_to
from tests.builders import make_recipient, make_topic
from tests.centre.messages import ask_data_path, data_token, make_message
from tests.signups.making import confirm_path, form_path, make_form, pending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_b7_signing_up_by_keyboard(
    window: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_up_form, "LEAST_SECONDS", 0)
    form = make_form(make_topic(), make_topic("New vintages"))
    window.goto(live_server.url + form_path(form))
    tab_to(window, window.get_by_role("checkbox", name="New vintages"))
    window.keyboard.press("Space")
    tab_to(window, window.get_by_role("textbox", name="Your e-mail address"))
    window.keyboard.type("rosa@example.com")
    tab_to(window, window.get_by_role("textbox", name="Your first name"))
    window.keyboard.type("Rosa")
    tab_to(window, window.get_by_role("button", name="Yes, write to me"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Now look at your mail")
    asked = SignUp.objects.get()
    assert (asked.address_value, asked.given_name) == ("rosa@example.com", "Rosa")
    assert [topic.name for topic in asked.topics.all()] == ["New vintages"]


def test_b7_saying_yes_and_taking_it_back_by_keyboard(
    window: Page, live_server: LiveServer
) -> None:
    window.goto(live_server.url + confirm_path(pending()))
    tab_to(window, window.get_by_role("button", name="Yes, write to me"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_contain_text("From now on you hear from us")
    tab_to(window, window.get_by_role("button", name="No more of these"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_contain_text("We write to you no more")


def test_b12_being_erased_by_keyboard(window: Page, live_server: LiveServer) -> None:
    maria = make_recipient()
    attempt = make_message(maria)
    window.goto(live_server.url + ask_data_path(attempt))
    tab_to(window, window.get_by_role("button", name="Send me the link"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("a mail with a link is on its way")

    window.goto(live_server.url + path_to("my_data", data_token(attempt)))
    tab_to(window, window.get_by_role("link", name="Have it erased"))
    window.keyboard.press("Enter")
    heading = window.get_by_role("heading", level=1)
    expect(heading).to_have_text("Have my data erased")
    tab_to(window, window.get_by_role("button", name="Go on"))
    window.keyboard.press("Enter")
    expect(heading).to_have_text("Erase everything now?")
    tab_to(window, window.get_by_role("button", name="Erase everything now"))
    window.keyboard.press("Enter")
    expect(heading).to_have_text("Done. Your data is erased.")
    assert Recipient.objects.get(pk=maria.pk).erased_at
