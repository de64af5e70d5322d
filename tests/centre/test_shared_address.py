"""Two people at one address: each page is of one of them, and speaks of nobody else."""

import pytest
from django.test import Client

from outreach.preferences.choices import is_stopped
from outreach.preferences.models import Suppression
from tests.builders import address_of, make_recipient, make_topic, subscribe
from tests.centre.form_on_page import open_form
from tests.centre.messages import make_message, preferences_path, unsubscribe_path

pytestmark = pytest.mark.django_db

SHARED = "family@example.com"


def test_a_page_shows_only_its_own_person(client: Client) -> None:
    zita, piotr = make_recipient(SHARED, "Zita Bruno"), make_recipient(SHARED, "Piotr Nowak")
    tastings, vintages = make_topic(slug="tastings"), make_topic("New vintages", slug="vintages")
    subscribe(zita, tastings)
    subscribe(piotr, vintages)
    first, second = make_message(zita, topic=tastings), make_message(piotr, topic=tastings)

    page = client.get(preferences_path(first)).content.decode()
    assert "Zita, this is what we write to you about" in page
    assert not any(word in page for word in ("Bruno", "Piotr", "Nowak", SHARED))
    assert open_form(client, preferences_path(first)).ticked == {"tastings:email"}

    page = client.get(preferences_path(second)).content.decode()
    assert not any(word in page for word in ("Zita", "Bruno", "Nowak", SHARED))
    assert open_form(client, preferences_path(second)).ticked == {"vintages:email"}


def test_the_reason_is_of_ones_own_record_only(client: Client) -> None:
    zita, piotr = make_recipient(SHARED, "Zita Bruno"), make_recipient(SHARED, "Piotr Nowak")
    topic = make_topic()
    subscribe(zita, topic)
    first, second = make_message(zita, topic=topic), make_message(piotr, topic=topic)
    assert "because on" in client.get(preferences_path(first)).content.decode()
    assert "because on" not in client.get(preferences_path(second)).content.decode()


def test_a_refusal_of_one_binds_the_address_for_both(client: Client) -> None:
    zita, piotr = make_recipient(SHARED, "Zita"), make_recipient(SHARED, "Piotr")
    topic = make_topic(slug="tastings")
    subscribe(zita, topic)
    subscribe(piotr, topic)
    attempt, other = make_message(zita, topic=topic), make_message(piotr, topic=topic)

    client.post(unsubscribe_path(attempt), {"List-Unsubscribe": "One-Click"})
    assert open_form(client, preferences_path(other)).ticked == set()


def test_nobody_lifts_what_another_person_stopped(client: Client) -> None:
    zita, piotr = make_recipient(SHARED, "Zita"), make_recipient(SHARED, "Piotr")
    attempt, other = make_message(zita), make_message(piotr)
    client.post(preferences_path(attempt), {"do": "stop"})

    page = client.get(preferences_path(other)).content.decode()
    assert "At present we send you no messages." in page
    assert "Write to me again" not in page

    open_form(client, preferences_path(other)).press(do="return")
    assert Suppression.objects.get().lifted_at is None

    open_form(client, preferences_path(attempt)).press(do="return")
    assert not is_stopped(piotr, address_of(piotr))
