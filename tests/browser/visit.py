"""Somebody on their way through our pages, in one language."""

from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass
class Visit:
    """A browser at the door of a site, and the language in which it is spoken to."""

    page: Page
    site: str
    language: str

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, value: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(f"button[value='{value}']").first.click()

    def press_something_else(self, value: str) -> None:
        """As if the form had come in pieces."""
        button = self.page.locator(f"button[value='{value}']").first
        button.evaluate("button => { button.value = '?' }")
        self.press("?")

    def send(self) -> None:
        """The one form, as it is: without the browser's own look at what is missing."""
        self.page.locator("form").evaluate("form => { form.noValidate = true }")
        with self.page.expect_navigation():
            self.page.locator("form button").click()
