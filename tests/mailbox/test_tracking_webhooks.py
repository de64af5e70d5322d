import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.test import RequestFactory, override_settings

from .conftest import USER_INFO, Mailbox, Received, Site


@pytest.fixture(autouse=True)
def _password() -> Iterator[None]:
    with override_settings(ANYMAIL={"WEBHOOK_SECRET": USER_INFO}):
        yield


def as_event(received: Received) -> Any:
    """What Anymail's own view makes of it, password checked."""
    request = RequestFactory().post(
        received.path,
        received.body,
        content_type=received.headers["Content-Type"],
        headers={"Authorization": received.headers["Authorization"]},
    )
    view = PostmarkTrackingWebhookView()
    view.run_validators(request)
    [event] = view.parse_events(request)
    return event


def test_delivered(mailbox: Mailbox, site: Site, maria: str) -> None:
    message_id = mailbox.send(maria, metadata={"delivery": "17"})
    result = mailbox.happens(message_id, "delivered")

    assert result["ok"]
    assert site.last.path == "/tracking/"
    event = as_event(site.last)
    assert (event.event_type, event.message_id) == ("delivered", message_id)
    assert (event.recipient, event.metadata) == (maria, {"delivery": "17"})
    assert event.tags == ["tastings"]
    assert event.timestamp.tzinfo is not None
    assert event.mta_response.startswith("smtp;250")


@pytest.mark.parametrize(
    ("verb", "kind", "code", "inactive", "reply"),
    [
        ("hard-bounce", "HardBounce", 1, True, "smtp;550 5.1.1"),
        ("soft-bounce", "SoftBounce", 4096, False, "smtp;452 4.2.2"),
    ],
)
def test_bounced(
    mailbox: Mailbox,
    site: Site,
    maria: str,
    verb: str,
    kind: str,
    code: int,
    inactive: bool,
    reply: str,
) -> None:
    message_id = mailbox.send(maria, metadata={"delivery": "17"})
    mailbox.happens(message_id, verb)

    event = as_event(site.last)
    assert (event.event_type, event.reject_reason) == ("bounced", "bounced")
    assert (event.message_id, event.recipient) == (message_id, maria)
    assert event.mta_response.startswith(reply)
    assert event.metadata == {"delivery": "17"}
    sent = event.esp_event
    assert (sent["Type"], sent["TypeCode"], sent["Inactive"]) == (kind, code, inactive)
    assert sent["From"] == "anna@cantina.example"
    assert isinstance(sent["ID"], int)


def test_complained(mailbox: Mailbox, site: Site, maria: str) -> None:
    message_id = mailbox.send(maria)
    mailbox.happens(message_id, "complain")

    event = as_event(site.last)
    assert (event.event_type, event.reject_reason) == ("complained", "spam")
    assert (event.message_id, event.recipient) == (message_id, maria)


def test_the_password_goes_into_a_header_and_is_never_shown(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    result = mailbox.happens(mailbox.send(maria), "delivered")

    scheme, _, token = site.last.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(token).decode()) == ("Basic", USER_INFO)
    assert result["url"] == f"{site.url}/tracking/"


@pytest.mark.parametrize("status", [302, 403, 500])
def test_an_answer_that_is_not_a_success_is_recorded_as_a_failure(
    mailbox: Mailbox, site: Site, maria: str, status: int
) -> None:
    site.status = status
    result = mailbox.happens(mailbox.send(maria), "delivered")

    assert (result["ok"], result["status"]) == (False, status)
    assert len(site.requests) == 1


def test_each_recipient_of_a_message_has_an_event_of_their_own(
    mailbox: Mailbox, site: Site, maria: str
) -> None:
    message_id = mailbox.send(maria, cc=["zoe@example.es"])
    mailbox.happens(message_id, "delivered", recipient="Zoe@example.es")
    assert json.loads(site.last.body)["Recipient"] == "zoe@example.es"


def test_no_cookie_of_the_site_is_sent_back_to_it(mailbox: Mailbox, site: Site, maria: str) -> None:
    for _ in range(2):
        mailbox.send(maria)
    mailbox.story("POST", "deliver-rest")
    assert len(site.requests) >= 2
    assert not any("Cookie" in received.headers for received in site.requests)
