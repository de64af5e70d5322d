from collections.abc import Iterator
from typing import Any

import pytest
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.test import RequestFactory, override_settings

from .conftest import USER_INFO, Mailbox, Received, Site


@pytest.fixture(autouse=True)
def _password() -> Iterator[None]:
    with override_settings(ANYMAIL={"WEBHOOK_SECRET": USER_INFO}):
        yield


def as_event(received: Received) -> Any:
    request = RequestFactory().post(
        received.path,
        received.body,
        content_type=received.headers["Content-Type"],
        headers={"Authorization": received.headers["Authorization"]},
    )
    view = PostmarkInboundWebhookView()
    view.run_validators(request)
    [event] = view.parse_events(request)
    return event


def test_a_reply_arrives_as_an_inbound_message(mailbox: Mailbox, site: Site, maria: str) -> None:
    message_id = mailbox.send(
        f"Мария <{maria}>", reply_to=["Anna <anna+d17@reply.example>"], subject="Tasting"
    )
    result = mailbox.happens(message_id, "reply", text="Grazie!\r\nWe come <both>.")

    assert result["ok"]
    assert site.last.path == "/inbound/"
    event = as_event(site.last)
    mail = event.message
    assert event.event_type == "inbound"
    assert (mail.from_email.addr_spec, mail.from_email.display_name) == (maria, "Мария")
    assert [to.addr_spec for to in mail.to] == ["anna+d17@reply.example"]
    assert mail.envelope_recipient == "anna+d17@reply.example"
    assert mail.envelope_sender == maria
    assert mail.subject == "Re: Tasting"
    assert mail.stripped_text == "Grazie!\nWe come <both>."
    assert mail.text.startswith("Grazie!\nWe come <both>.\n\nOn ")
    assert "> Ciao Maria,\n> come and taste." in mail.text
    assert "We come &lt;both&gt;." in mail.html
    assert mail["In-Reply-To"] == mail["References"] == f"<{message_id}@mtasv.net>"
    assert mail["Message-ID"].endswith("@example.it>")
    assert mail["Auto-Submitted"] is None
    assert mail.date is not None
    assert not mail.spam_detected
    assert event.esp_event["MailboxHash"] == "d17"
    assert event.esp_event["ToFull"][0]["MailboxHash"] == "d17"
    assert "RawEmail" not in event.esp_event


def test_without_a_reply_to_it_goes_to_the_sender(mailbox: Mailbox, site: Site, maria: str) -> None:
    mailbox.happens(mailbox.send(maria), "reply", text="Yes")
    sent = as_event(site.last).esp_event
    assert sent["OriginalRecipient"] == "anna@cantina.example"
    assert sent["MailboxHash"] == ""


@pytest.mark.parametrize(("keep", "is_kept"), [("true", True), ("false", False), (None, False)])
def test_the_callers_own_message_id_counts_only_where_it_is_kept(
    mailbox: Mailbox, site: Site, maria: str, keep: str | None, is_kept: bool
) -> None:
    headers = {"Message-ID": "<own@cantina.example>", "References": "<first@cantina.example>"}
    message_id = mailbox.send(maria, headers={**headers, **({"X-PM-KeepID": keep} if keep else {})})
    mailbox.happens(message_id, "reply", text="Yes")

    mail = as_event(site.last).message
    expected = "<own@cantina.example>" if is_kept else f"<{message_id}@mtasv.net>"
    assert mail["In-Reply-To"] == expected
    assert mail["References"] == f"<first@cantina.example> {expected}"


def test_an_out_of_office_reply_says_that_it_is_automatic(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    mailbox.happens(mailbox.send(maria), "out-of-office")

    mail = as_event(site.last).message
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail.envelope_sender == ""
    assert mail.subject == "Automatic reply: A tasting in Asti"
    assert "away until" in mail.text


def test_a_message_without_a_text_part_is_quoted_by_its_words(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    message_id = mailbox.send(
        maria, body="", html="<style>p {color: red}</style><p>Taste &amp; stay</p>"
    )
    mailbox.happens(message_id, "reply", text="Yes")
    quoted = as_event(site.last).message.text.partition("wrote:")[2]
    assert quoted.strip() == "> Taste & stay"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_reply_is_not_sent(mailbox: Mailbox, site: Site, maria: str, text: str) -> None:
    path = f"messages/{mailbox.send(maria)}/reply"
    assert mailbox.story("POST", path, {"text": text}).status_code == 422
    assert site.requests == []
