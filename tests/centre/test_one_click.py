"""RFC 8058: one POST of the mail program stops the topic of the message, and nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from outreach.history.actor import SYSTEM
from outreach.history.models import HistoryEntry
from outreach.ledger.models import DeliveryEvent
from outreach.preferences.choices import choices_of
from outreach.preferences.consent import grant
from outreach.preferences.models import ConsentRecord, Objection, Source, Suppression
from tests.builders import address_of, make_recipient, make_topic, subscribe
from tests.centre.messages import all_rows, make_message, unsubscribe_path

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PAIR = "List-Unsubscribe=One-Click"
MULTIPART = (
    '--xyz\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
    "One-Click\r\n--xyz--\r\n"
)

Send = Callable[[Client, str], Any]


def urlencoded(client: Client, path: str) -> Any:
    return client.post(path, PAIR, content_type=FORM)


def with_charset(client: Client, path: str) -> Any:
    return client.post(path, PAIR, content_type=f"{FORM}; charset=iso-8859-1")


def multipart(client: Client, path: str) -> Any:
    return client.post(path, MULTIPART, content_type="multipart/form-data; boundary=xyz")


@pytest.mark.parametrize("send", [urlencoded, with_charset, multipart])
def test_one_click_withdraws_the_topic_of_the_message(client: Client, send: Send) -> None:
    maria, topic, other = make_recipient(), make_topic(), make_topic("New vintages")
    subscribe(maria, topic, other)
    attempt = make_message(maria, topic=topic)

    response = send(client, unsubscribe_path(attempt))

    assert response.status_code == 200
    assert {c.topic: c.wanted for c in choices_of(maria)} == {
        topic: {"email": False},
        other: {"email": True},
    }
    record = ConsentRecord.objects.latest("pk")
    assert (record.source, record.act, record.address) == (
        Source.ONE_CLICK,
        "withdraw",
        address_of(maria),
    )
    assert Objection.objects.get().address == address_of(maria)
    assert not Suppression.objects.exists()


def test_the_answer_is_short_and_plain_without_redirect_or_cookie(client: Client) -> None:
    attempt = make_message(topic=make_topic("New vintages"))
    response = urlencoded(client, unsubscribe_path(attempt))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == "Done. We write to you no more about New vintages.\n"
    assert not response.cookies
    assert "Location" not in response
    assert "cookie" not in response.get("Vary", "").lower()


def test_c4_of_a_routine_message_the_answer_promises_no_more_than_is_so(client: Client) -> None:
    topic = make_topic("Your orders", purpose="routine")
    attempt = make_message(topic=topic, purpose="routine")
    goes_on = "What you order or book with us goes on as before."
    news = "Done. We send you no more news or offers about Your orders."
    response = urlencoded(client, unsubscribe_path(attempt))
    assert response.content.decode() == f"{news} {goes_on}\n"
    page = client.post(unsubscribe_path(attempt), {"stop": "topic"}).content.decode()
    assert news in page
    assert goes_on in page
    assert "We write to you no more" not in page


def test_it_is_kept_as_what_befell_the_message(client: Client) -> None:
    attempt = make_message()
    urlencoded(client, unsubscribe_path(attempt))
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.attempt) == (DeliveryEvent.Kind.UNSUBSCRIBED, attempt)


def test_repeats_are_harmless_and_write_nothing(client: Client) -> None:
    attempt = make_message()
    urlencoded(client, unsubscribe_path(attempt))
    before = all_rows()
    for send in (urlencoded, multipart, urlencoded):
        assert send(client, unsubscribe_path(attempt)).status_code == 200
    assert all_rows() == before


def test_an_old_link_works_again_after_the_person_came_back(client: Client) -> None:
    maria, topic = make_recipient(), make_topic()
    attempt = make_message(maria, topic=topic)
    urlencoded(client, unsubscribe_path(attempt))
    grant(
        maria, [topic], channel="email", source=Source.PHONE, by=SYSTEM, address=address_of(maria)
    )
    urlencoded(client, unsubscribe_path(attempt))
    assert choices_of(maria, address_of(maria))[0].wanted == {"email": False}


def test_it_works_for_a_person_who_was_never_subscribed(client: Client) -> None:
    """A message that should not have gone is the first one that must be stopped (B1)."""
    maria = make_recipient()
    attempt = make_message(maria)
    assert urlencoded(client, unsubscribe_path(attempt)).status_code == 200
    assert choices_of(maria)[0].wanted == {"email": False}


def test_a_topic_that_is_no_longer_offered_can_still_be_stopped(client: Client) -> None:
    attempt = make_message(topic=make_topic(is_active=False))
    assert urlencoded(client, unsubscribe_path(attempt)).status_code == 200
    assert Objection.objects.exists()


def test_the_act_is_the_customers_own_in_the_history(client: Client) -> None:
    attempt = make_message()
    urlencoded(client, unsubscribe_path(attempt))
    entry = HistoryEntry.objects.get(verb="consent.withdraw")
    assert (entry.actor_key, entry.actor_name) == ("", "the customer")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", FORM),
        ("List-Unsubscribe=", FORM),
        ("List-Unsubscribe=Two-Clicks", FORM),
        ("list=One-Click", FORM),
        (PAIR, "text/plain"),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
        ("stop=some", FORM),
        (MULTIPART, "multipart/form-data"),
        (MULTIPART, "multipart/form-data; boundary=\xe4"),
        (MULTIPART[:40], "multipart/form-data; boundary=xyz"),
        (f"{PAIR}&{PAIR}", FORM),
        (f"{PAIR}&a=b", FORM),
        ("List-Unsubscribe=one-click", FORM),
        ("list-unsubscribe=One-Click", FORM),
        ("List-Unsubscribe=One-Click+", FORM),
        ("List-Unsubscribe:One-Click", FORM),
        ("List-Unsubscribe", FORM),
    ],
)
def test_any_other_post_gets_the_page_and_changes_nothing(
    client: Client, body: str, content_type: str
) -> None:
    path = unsubscribe_path(make_message())
    before = all_rows()
    response = client.post(path, body, content_type=content_type)
    assert response.status_code == 400
    assert b"Nothing was changed" in response.content
    assert b'<button name="stop" value="topic">' in response.content
    assert all_rows() == before


def test_the_page_of_the_link_shows_a_button(client: Client) -> None:
    page = client.get(unsubscribe_path(make_message(topic=make_topic("New vintages"))))
    assert page.status_code == 200
    assert '<form method="post">' in page.content.decode()
    assert "No more messages about New vintages?" in page.content.decode()


def test_the_page_reveals_nothing_of_its_reader(client: Client) -> None:
    zita = make_recipient("zita@example.com", "Zita Bruno")
    page = client.get(unsubscribe_path(make_message(zita))).content.decode()
    assert not any(word in page for word in ("Zita", "Bruno", "zita@"))


def test_the_button_stops_the_topic(client: Client) -> None:
    maria = make_recipient()
    attempt = make_message(maria)
    response = client.post(unsubscribe_path(attempt), {"stop": "topic"})
    assert response.status_code == 200
    assert "Done. We write to you no more about Tastings and visits." in response.content.decode()
    assert ConsentRecord.objects.get().source == Source.PREFERENCE_PAGE
    assert not Suppression.objects.exists()


def test_the_other_button_stops_everything_for_person_and_address(client: Client) -> None:
    maria = make_recipient()
    attempt = make_message(maria)
    for _press in range(2):
        response = client.post(unsubscribe_path(attempt), {"stop": "everything"})
        assert response.status_code == 200
        assert "You get no more messages from us" in response.content.decode()
    stop = Suppression.objects.get()
    assert (stop.reason, stop.recipient, stop.address, stop.channel) == (
        Suppression.Reason.UNSUBSCRIBED,
        maria,
        address_of(maria),
        "",
    )
    assert DeliveryEvent.objects.get().detail == "everything"


def test_a_person_who_was_erased_can_still_stop_messages(client: Client) -> None:
    maria = make_recipient()
    attempt = make_message(maria)
    maria.erased_at = attempt.claimed_at
    maria.save()
    assert urlencoded(client, unsubscribe_path(attempt)).status_code == 200
