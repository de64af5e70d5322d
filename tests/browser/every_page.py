"""Every public page, in each state that looks different, as a browser comes to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from outreach.centre import sign_up_form, written
from outreach.centre.models import DataRequest
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Attempt
from outreach.links.paths import path_to, prefix
from outreach.links.short_lived import make_short_lived
from outreach.links.tokens import Scope
from outreach.preferences.frequency import set_frequency
from outreach.preferences.models import Source, Topic
from outreach.preferences.statements import say, tie
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from outreach.senders.models import Sender
from outreach.signups.embed import snippets_of
from outreach.signups.models import SignUpForm
from tests.builders import (
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_sender,
    make_topic,
    subscribe,
)
from tests.centre.messages import (
    ask_data_path,
    data_token,
    make_message,
    preferences_path,
    reasons_path,
    unsubscribe_path,
)
from tests.centre.people import Maria, give_phone, make_maria
from tests.signups.making import confirm_path, form_path, make_form, offer, pending

SITE = "https://www.rossi.example"


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


def all_pages(visit: Visit) -> Iterator[str]:
    """The name of each page, once the browser is there."""
    for walk in (own_page, other_own_pages, why, own_data, way_out, way_in, said_yes, bad_links):
        yield from walk(visit)


def with_everything(**fields: str) -> Maria:
    """Somebody with something in every part of the page."""
    offers = make_topic("Offers", slug="offers", position=3)
    maria = make_maria("offers", **fields)
    make_topic("Your orders", slug="orders", purpose="routine", position=9)
    give_phone(maria.person)
    set_frequency(maria.person, {offers: "monthly"}, by=CUSTOMER)
    said = say(maria.person, "No vintages, please.", source=Source.PHONE, by=make_actor())
    subscribe(maria.person, maria.vintages, channel="sms")
    tie(said, unwanted=[maria.vintages], by=make_actor())
    return maria


def own_page(visit: Visit) -> Iterator[str]:
    maria = with_everything(language=visit.language)
    visit.open(maria.path)
    yield "preferences"
    visit.press("save")
    yield "preferences, saved"
    visit.page.locator("#until").fill("2999-01-01")
    visit.press("break-until")
    yield "preferences, with a mistake"
    visit.press("30")
    yield "preferences, in a break"
    visit.press("stop")
    yield "preferences, stopped"
    visit.press_something_else("return")
    yield "not understood"
    suppress(reason="manual", by=SYSTEM, recipient=maria.person)
    visit.open(maria.path)
    yield "preferences, held"


def other_own_pages(visit: Visit) -> Iterator[str]:
    """Somebody who wants much; and somebody without a name, where there is nothing to choose."""
    Topic.objects.update(is_active=False)
    topic = make_topic()
    many = [topic, *(make_topic(f"A subject of which there are many, {n}") for n in range(7))]
    keen = make_recipient(language=visit.language)
    subscribe(keen, *many)
    visit.open(preferences_path(make_message(keen, topic=topic)))
    yield "preferences, with many topics"
    Topic.objects.update(is_active=False)
    Sender.objects.update(is_active=False)
    visit.open(preferences_path(make_message(make_recipient(name="", language=visit.language))))
    Sender.objects.update(is_active=False)
    visit.page.reload()
    yield "preferences, with nothing to choose"
    Topic.objects.update(is_active=True)
    Sender.objects.update(is_active=True)


def why(visit: Visit) -> Iterator[str]:
    """Two messages, of which the page shows one; a group by its description, and one by hand."""
    maria = make_recipient(language=visit.language)
    topic = make_topic()
    subscribe(maria, topic)
    nearby, unnamed = make_group(maria), make_group(maria)
    nearby.description = "Customers in Piedmont who like tastings"
    nearby.save()
    make_message(maria, make_campaign(nearby))
    attempt = make_message(maria, make_campaign(nearby, unnamed, topic=topic))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written, "A_PAGE", 1)
        visit.open(reasons_path(attempt))
        _open_all(visit.page)
        yield "reasons"
        visit.press("no-more")
        visit.page.locator("details button[value='not-so']").last.evaluate(
            "button => { button.closest('details').open = true }"
        )
        visit.page.locator("details textarea").last.fill("I moved to Rome.")
        with visit.page.expect_navigation():
            visit.page.locator("details button[value='not-so']").last.click()
        yield "reasons, corrected"
    long_ago = _message_to(visit.language)
    Attempt.objects.filter(pk=long_ago.pk).update(
        handed_over_at=timezone.now() - timedelta(days=400)
    )
    visit.open(reasons_path(long_ago))
    yield "reasons, of nothing"


def own_data(visit: Visit) -> Iterator[str]:
    maria = with_everything_held(visit.language)
    visit.open(ask_data_path(maria))
    yield "ask for my data"
    visit.press("ask")
    yield "asked for my data"
    token = data_token(maria)
    visit.open(path_to("my_data", token))
    yield "my data"
    file = Client().get(path_to("my_data", token) + "?as=html").content.decode()
    visit.page.set_content(file)
    yield "my data, as a file"
    visit.open(path_to("erase", token))
    yield "erase"
    visit.press("go-on")
    yield "erase, asked once more"
    visit.press("erase")
    yield "erased"
    visit.open(path_to("my_data", _token_of_yesterday(_message_to(visit.language))))
    yield "my data, too late"


def with_everything_held(language: str) -> Attempt:
    """A message to somebody of whom we hold something of most kinds."""
    maria = make_recipient(language=language, company="Enoteca Bruno", time_zone="Europe/Rome")
    topic = make_topic()
    subscribe(maria, topic)
    set_frequency(maria, {topic: "weekly"}, by=CUSTOMER)
    say(maria, "Only the Barbera, please.\nNo gifts.", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    message = make_message(maria, make_campaign(make_group(maria), topic=topic))
    give_phone(maria, "+393331234999")
    return message


def way_out(visit: Visit) -> Iterator[str]:
    path = unsubscribe_path(_message_to(visit.language))
    visit.open(path)
    yield "unsubscribe"
    visit.press_something_else("topic")
    yield "unsubscribe, not understood"
    visit.press("topic")
    yield "stopped, of a topic"
    visit.press("everything")
    yield "stopped, of all"


def way_in(visit: Visit) -> Iterator[str]:
    topics = make_topic(), make_topic("New vintages")
    form = make_form(*topics, intro="We write when there is something to taste.")
    visit.open(form_path(form))
    yield "sign up"
    visit.send()
    yield "sign up, with mistakes"
    visit.page.locator("[name=topic]").first.check()
    visit.page.locator("#email").fill("maria@example.com")
    visit.send()
    yield "sign up, once more"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign_up_form, "LEAST_SECONDS", 0)
        visit.send()
    yield "signed up"
    yield from _on_another_site(visit)
    visit.open(f"{prefix()}s/nothing")
    yield "no form"


def _on_another_site(visit: Visit) -> Iterator[str]:
    """As plain HTML and in a frame on a page of the company's; then what is in the frame."""
    form = make_form(allowed_origins=SITE, asks_name=False, language=visit.language)
    texts = {snippet.key: snippet.text for snippet in snippets_of(offer(form))}
    html = (
        f"<!doctype html><html lang='{visit.language}'><title>Rossi</title>"
        "<meta name='viewport' content='width=device-width'>"
        f"<main><h1>Rossi</h1>{texts['html']}{texts['frame']}</main></html>"
    )
    visit.page.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    visit.page.goto(f"{SITE}/news")
    framed = visit.page.frame_locator("iframe")
    framed.locator("#email").fill("maria@example.com")
    yield "a page of the company, with its forms"
    visit.page.locator("main > form [name=email]").fill("maria@example.com")
    with visit.page.expect_navigation():
        visit.page.locator("main > form button").click()
    yield "signed up, from another site"
    visit.open(f"{form_path(form)}?embed=1")
    yield "sign up, in a frame"


def said_yes(visit: Visit) -> Iterator[str]:
    form = make_form(language=visit.language)
    path = _asked_by(form, "rosa@example.com", visit.language)
    visit.open(path)
    yield "confirm"
    visit.press("confirm")
    yield "confirmed"
    visit.press("stop")
    yield "confirmed, and stopped"
    visit.open(_asked_by(form, "zita@example.com", visit.language))
    visit.press("forget")
    yield "nothing more is sent"
    yield from _came_back(visit, form)


def _came_back(visit: Visit, form: SignUpForm) -> Iterator[str]:
    ugo = make_recipient("ugo@example.com", language=visit.language)
    suppress(reason="unsubscribed", by=CUSTOMER, recipient=ugo)
    visit.open(_asked_by(form, "ugo@example.com", visit.language))
    yield "confirm, after a stop"
    suppress(reason="manual", by=SYSTEM, recipient=ugo)
    visit.press("confirm")
    yield "confirmed, and held back"


def bad_links(visit: Visit) -> Iterator[str]:
    visit.open(f"{prefix()}p/x")
    yield "a link that is not whole"


def _message_to(language: str) -> Attempt:
    topic = make_topic()
    maria = make_recipient(language=language)
    subscribe(maria, topic)
    sender = make_sender(role="Visits and tastings")
    return make_message(maria, make_campaign(topic=topic, sender=sender))


def _token_of_yesterday(attempt: Attempt) -> str:
    recipient: Recipient = attempt.delivery.recipient
    assert attempt.delivery.address is not None
    asked = DataRequest.objects.create(
        recipient=recipient, address=attempt.delivery.address, asked_from=attempt
    )
    yesterday = timezone.now() - timedelta(days=1)
    return make_short_lived(Scope.MY_DATA, asked.key.hex, at=yesterday)


def _asked_by(form: SignUpForm, email: str, language: str) -> str:
    row = pending(form, email)
    row.language = language
    row.save()
    return confirm_path(row)


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
