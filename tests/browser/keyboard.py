"""Going through a page by Tab, and seeing each time where one is (WCAG 2.4.7)."""

from playwright.sync_api import Locator, Page

MOST_PRESSES = 60
WHERE = """wanted => {
    const at = document.activeElement, style = getComputedStyle(at);
    const seen = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
    return {there: at === wanted, unseen: seen || at === document.body ? "" : at.outerHTML};
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus; at each stop on the way the focus can be seen."""
    for _press in range(MOST_PRESSES):
        page.keyboard.press("Tab")
        where = wanted.evaluate(WHERE)
        assert where["unseen"] == ""
        if where["there"]:
            return
    raise AssertionError(f"Tab does not come to {wanted}")
