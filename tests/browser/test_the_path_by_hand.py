"""The whole path once more, by hand: as the people of a company and a customer would go it."""

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.conftest import Demo
from tests.browser.steps import enter, has_no_barrier

pytestmark = pytest.mark.browser

PERSON, ADDRESS = "Rosalind Thorne", "rosalindthorne@example.org"
ASKED, SAID = "May I bring a friend?", "Gladly, bring two."


def test_the_doors_open(page: Page, demo: Demo) -> None:
    page.goto("/")
    has_no_barrier(page)
    for username, door in [
        ("anna", "Her groups"),
        ("piotr", "What went out"),
        ("elena", "Who waits for an answer"),
        ("admin", "The whole admin"),
    ]:
        enter(page, username, door)
        assert "/admin/" in page.url


def test_from_a_phone_call_to_an_answered_reply(page: Page, demo: Demo) -> None:
    enter(page, "anna", "Her campaigns")
    steps.record_interest(page, PERSON)
    steps.make_group(page, PERSON)
    steps.write_campaign(page)
    steps.approve(page)
    steps.send(page)
    steps.choose(page, demo.mailbox, ADDRESS)
    steps.reply(page, demo.mailbox, ADDRESS, ASKED)
    steps.answer(page, PERSON, ASKED, SAID)
    steps.has_mail(page, demo.mailbox, ADDRESS, SAID)
