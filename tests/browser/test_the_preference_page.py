"""The preference page in a real browser: for every eye and hand, and by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from outreach.history.actor import CUSTOMER
from outreach.preferences.frequency import frequency_of, set_frequency
from outreach.preferences.models import Source
from outreach.preferences.statements import say, tie
from outreach.preferences.wish_models import AtMost, Statement
from outreach.recipients.language import SPOKEN
from tests.browser.steps import has_no_barrier
from tests.builders import make_actor, make_topic, subscribe
from tests.centre.people import Maria, give_phone, make_maria

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESKTOP = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=320, height=640)


@pytest.fixture
def maria() -> Maria:
    """Somebody with something in every part of the page."""
    offers = make_topic("Offers", slug="offers", position=3)
    maria = make_maria("offers")
    make_topic("Your orders", slug="orders", purpose="routine", position=9)
    give_phone(maria.person)
    set_frequency(maria.person, {offers: "monthly"}, by=CUSTOMER)
    said = say(maria.person, "No vintages, please.", source=Source.PHONE, by=make_actor())
    subscribe(maria.person, maria.vintages, channel="sms")
    tie(said, unwanted=[maria.vintages], by=make_actor())
    return maria


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window in which any complaint of the browser, about the policy too, fails the test."""
    context = browser.new_context(locale="en-GB", viewport=DESKTOP)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_b11_nothing_bars_anybody(
    page: Page, live_server: LiveServer, maria: Maria, viewport: ViewportSize, scheme: str
) -> None:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(live_server.url + maria.path)
    has_no_barrier(page)
    for code in SPOKEN:
        page.locator("#speak").select_option(code)
        page.locator("button[value=language]").click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        has_no_barrier(page)
    page.locator("#speak").select_option("en")
    page.locator("button[value=language]").click()
    page.locator("#until").fill("2999-01-01")
    page.get_by_role("button", name="Begin the break").click()
    expect(page.get_by_role("alert")).to_contain_text("more than two years")
    has_no_barrier(page)
    page.get_by_role("button", name="30 days").click()
    has_no_barrier(page)
    page.get_by_role("button", name="Stop all messages").click()
    expect(page.get_by_role("status")).to_contain_text("You get no messages from us")
    has_no_barrier(page)


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=["narrow", "phone", "desktop"])
def test_a_finger_hits_and_nothing_is_cut_off(
    page: Page, live_server: LiveServer, maria: Maria, viewport: ViewportSize
) -> None:
    page.set_viewport_size(viewport)
    page.goto(live_server.url + maria.path)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    targets = page.locator("button, select, textarea, input[type=date], label:has([type=checkbox])")
    small = [
        (each.inner_text(), box)
        for each in [*targets.all(), page.locator("a.phone")]
        if (box := each.bounding_box()) and min(box["height"], box["width"]) < 44
    ]
    assert small == []


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus, and see that the focus can be seen."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            style = "element => getComputedStyle(element).outlineStyle"
            assert wanted.evaluate(style) == "solid"
            return
    raise AssertionError(f"Tab does not come to {wanted}")


def test_the_whole_page_by_keyboard(page: Page, live_server: LiveServer, maria: Maria) -> None:
    page.goto(live_server.url + maria.path)
    tab_to(page, page.get_by_role("checkbox", name="SMS (Tastings and visits)"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("combobox", name="How often (Tastings and visits)"))
    page.keyboard.type("at most once a week")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(
        "“Tastings and visits” (by e-mail, by SMS, at most once a week)"
    )
    assert frequency_of(maria.person)[maria.tastings.pk] == AtMost.WEEKLY

    tab_to(page, page.get_by_role("button", name="60 days"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You are taking a break until")
    tab_to(page, page.get_by_role("button", name="End the break"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("From now on you hear from us")

    tab_to(page, page.get_by_role("button", name="Only “Tastings and visits”"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("only about “Tastings and visits”")

    tab_to(page, page.get_by_role("textbox", name="What would you like to hear about"))
    page.keyboard.type("Only the Barbera.")
    tab_to(page, page.get_by_role("button", name="Tell us"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("A person reads what you told us.")
    tab_to(page, page.get_by_role("button", name="Take it back").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Taken back.")
    assert Statement.objects.get(text="Only the Barbera.").taken_back_at

    tab_to(page, page.get_by_role("button", name="Stop all messages"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Write to me again"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("only about “Tastings and visits”")


def test_a_mistake_is_found_by_keyboard(page: Page, live_server: LiveServer, maria: Maria) -> None:
    page.goto(live_server.url + maria.path)
    tab_to(page, page.get_by_role("button", name="Begin the break"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("alert").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.locator("#until")).to_be_focused()
    expect(page.locator("#until")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#until")).to_have_accessible_description(
        "Choose the last day of your break."
    )
