"""The preference page in a real browser: for every hand, and by keyboard alone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from outreach.preferences.frequency import frequency_of
from outreach.preferences.wish_models import AtMost, Statement
from tests.browser.every_page import with_everything
from tests.browser.keyboard import tab_to
from tests.browser.screens import DESKTOP, NARROW, PHONE
from tests.centre.people import Maria

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def maria() -> Maria:
    return with_everything()


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])
def test_a_finger_hits_and_nothing_is_cut_off(
    window: Page, live_server: LiveServer, maria: Maria, viewport: ViewportSize
) -> None:
    window.set_viewport_size(viewport)
    window.goto(live_server.url + maria.path)
    assert window.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    targets = window.locator(
        "button, select, textarea, input[type=date], label:has([type=checkbox])"
    )
    small = [
        (each.inner_text(), box)
        for each in [*targets.all(), window.locator("a.phone")]
        if (box := each.bounding_box()) and min(box["height"], box["width"]) < 44
    ]
    assert small == []


def test_the_whole_page_by_keyboard(window: Page, live_server: LiveServer, maria: Maria) -> None:
    window.goto(live_server.url + maria.path)
    tab_to(window, window.get_by_role("checkbox", name="SMS (Tastings and visits)"))
    window.keyboard.press("Space")
    tab_to(window, window.get_by_role("combobox", name="How often (Tastings and visits)"))
    window.keyboard.type("at most once a week")
    tab_to(window, window.get_by_role("button", name="Save"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text(
        "“Tastings and visits” (by e-mail, by SMS, at most once a week)"
    )
    assert frequency_of(maria.person)[maria.tastings.pk] == AtMost.WEEKLY

    tab_to(window, window.get_by_role("button", name="60 days"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("You are taking a break until")
    tab_to(window, window.get_by_role("button", name="End the break"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("From now on you hear from us")

    tab_to(window, window.get_by_role("button", name="Only “Tastings and visits”"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("only about “Tastings and visits”")

    tab_to(window, window.get_by_role("textbox", name="What would you like to hear about"))
    window.keyboard.type("Only the Barbera.")
    tab_to(window, window.get_by_role("button", name="Tell us"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("A person reads what you told us.")
    tab_to(window, window.get_by_role("button", name="Take it back").first)
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("Taken back.")
    assert Statement.objects.get(text="Only the Barbera.").taken_back_at

    tab_to(window, window.get_by_role("button", name="Stop all messages"))
    window.keyboard.press("Enter")
    tab_to(window, window.get_by_role("button", name="Write to me again"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("status")).to_contain_text("only about “Tastings and visits”")


def test_a_mistake_is_found_by_keyboard(
    window: Page, live_server: LiveServer, maria: Maria
) -> None:
    window.goto(live_server.url + maria.path)
    tab_to(window, window.get_by_role("button", name="Begin the break"))
    window.keyboard.press("Enter")
    tab_to(window, window.get_by_role("alert").get_by_role("link"))
    window.keyboard.press("Enter")
    expect(window.locator("#until")).to_be_focused()
    expect(window.locator("#until")).to_have_attribute("aria-invalid", "true")
    expect(window.locator("#until")).to_have_accessible_description(
        "Choose the last day of your break."
    )
