"""Every public page in a real browser: each language, on phone and desk, by day and by night."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test.signals import template_rendered
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from outreach.recipients.language import SPOKEN
from tests.architecture.house import APP
from tests.browser.every_page import Visit, all_pages
from tests.browser.screens import DESKTOP, NARROW, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = "outreach/centre/"
NO_PAGES = {"base.html", "sign_up_frame.html", "sign_up_snippet.html"}
"""What pages are made of, and what stands on pages of others."""

ASK_AXE = """rules => axe.run({preload: false, resultTypes: ["violations"], ...rules}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id}: ${node.html} (${node.failureSummary})`)))"""
LOOKS: list[tuple[Literal["light", "dark"], dict[str, object]]] = [
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast", "link-in-text-block"]}),
]
"""With the rules to ask of each: nothing but the colours is another by night."""
TOO_WIDE = """() => {
    const root = document.documentElement;
    const sticking = [...document.querySelectorAll("main :is(button, input, select, textarea)")]
        .filter(field => {
            const around = field.closest("tr, .card, form");
            const edge = around.getBoundingClientRect().right
                - parseFloat(getComputedStyle(around).paddingRight);
            return field.getBoundingClientRect().right > edge + 1;
        });
    return [...(root.scrollWidth > root.clientWidth ? [root] : []), ...sticking]
        .map(each => each.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the templates that pages were made of meanwhile."""
    names: set[str] = set()

    def note(template: object, **_kwargs: object) -> None:
        names.add(str(getattr(template, "name", "")))

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def _a_site(live_server: LiveServer, settings: Settings) -> None:
    """Links and forms lead to the server of the test."""
    settings.OUTREACH = {**settings.OUTREACH, "BASE_URL": live_server.url}


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in every size and colour."""
    faults = []
    page.evaluate(AXE_SCRIPT)
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme, rules in LOOKS:
            page.emulate_media(color_scheme=scheme)
            look = f"{size['width']} px, {scheme}"
            faults += [f"{look}: {found}" for found in page.evaluate(ASK_AXE, rules)]
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        faults += [f"{size['width']} px, too wide: {part}" for part in page.evaluate(TOO_WIDE)]
    return faults


@pytest.mark.usefixtures("_a_site")
@pytest.mark.parametrize("language", SPOKEN)
def test_b11_no_page_bars_anybody(
    open_window: Callable[[str], Page],
    live_server: LiveServer,
    rendered: set[str],
    language: str,
) -> None:
    page = open_window(language)
    faults: dict[str, list[str]] = {}
    names = []
    for name in all_pages(Visit(page, live_server.url, language)):
        names.append(name)
        found = faults_of(page)
        if (spoken := page.locator("html").get_attribute("lang")) != language:
            found.append(f"it says that it is in {spoken}")
        if found:
            faults[name] = found
    assert faults == {}
    assert len(set(names)) == len(names)
    pages = {path.name for path in (APP / "templates" / FOLDER).glob("[!_]*.html")} - NO_PAGES
    assert {f"{FOLDER}{name}" for name in pages} - rendered == set()
