"""B1, B5, B6, D4: who writes, why, on whose word, and in which group somebody is."""

from typing import Any

import pytest
from django.test import Client

from outreach.groups.models import ContactGroup
from outreach.history.actor import SYSTEM
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.models import ConsentEvidence, Source
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group, make_recipient, make_sender, make_topic
from tests.centre.messages import make_message, preferences_path

pytestmark = pytest.mark.django_db


def page_of(client: Client, recipient: Recipient, **fields: Any) -> str:
    return client.get(preferences_path(make_message(recipient, **fields))).content.decode()


def test_it_says_when_the_person_asked_and_in_which_words(client: Client) -> None:
    zita, topic = make_recipient(), make_topic()
    grant(
        zita,
        [topic],
        channel="email",
        source=Source.FORM,
        by=SYSTEM,
        wording="Yes, invite me to tastings",
        note="typed in by Piotr at the fair",
    )
    page = page_of(client, zita, topic=topic)
    assert "you asked for this with a form:" in page
    assert "<q>Yes, invite me to tastings</q>" in page
    assert "Piotr" not in page  # a note of staff is not the customer's wording


def test_words_that_were_erased_are_not_missed(client: Client) -> None:
    zita, topic = make_recipient(), make_topic()
    grant(zita, [topic], channel="email", source=Source.PHONE, by=SYSTEM, wording="yes")
    ConsentEvidence.objects.all().delete()
    assert "you told us on the telephone that you would like this." in page_of(
        client, zita, topic=topic
    )


@pytest.mark.parametrize("source", Source.values)
def test_every_source_has_words(client: Client, source: str) -> None:
    zita, topic = make_recipient(), make_topic()
    grant(zita, [topic], channel="email", source=source, by=SYSTEM)
    assert "because on <time" in page_of(client, zita, topic=topic)


def test_the_wish_shown_is_the_one_before_the_message(client: Client) -> None:
    zita, topic = make_recipient(), make_topic()
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording="the first")
    attempt = make_message(zita, topic=topic)
    withdraw(zita, [topic], channel="email", source=Source.ONE_CLICK, by=SYSTEM)
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording="the second")
    page = client.get(preferences_path(attempt)).content.decode()
    assert "the first" in page
    assert "the second" not in page


def test_it_shows_the_justification_of_the_campaign(client: Client) -> None:
    page = page_of(client, make_recipient(), justification="It is 10 km from you & free")
    assert "<q>It is 10 km from you &amp; free</q>" in page


def test_what_only_colleagues_read_is_not_shown(client: Client) -> None:
    page = page_of(client, make_recipient(), name="Push old stock", would_help="Hardly")
    assert "Push old stock" not in page
    assert "Hardly" not in page


def test_the_sender_answers_by_name_and_phone(client: Client) -> None:
    sender = make_sender("Anna Bianchi", phone="+39 (0141) 555-0100", role="Visits and tastings")
    page = page_of(client, make_recipient(), sender=sender)
    assert "Anna Bianchi answers you" in page
    assert "Visits and tastings" in page
    assert '<a class="phone" href="tel:+3901415550100">+39 (0141) 555-0100</a>' in page


def test_it_names_the_groups_the_person_is_in_in_words_meant_for_them(client: Client) -> None:
    zita = make_recipient()
    into, out_of, unnamed = make_group(zita), make_group(), make_group(zita, name="whales")
    for group, words in ((into, "People we met at the fair in Alba"), (out_of, "Restaurants")):
        group.description = words
        group.save()
    attempt = make_message(zita, make_campaign(into, out_of, unnamed))
    page = client.get(preferences_path(attempt)).content.decode()
    assert "<q>People we met at the fair in Alba</q>" in page
    assert not any(words in page for words in ("Restaurants", "whales"))


def test_a_group_whose_rule_is_broken_does_not_close_the_page(client: Client) -> None:
    zita = make_recipient()
    broken = make_group()
    ContactGroup.objects.filter(pk=broken.pk).update(
        kind="rule", rule={"match": "?"}, description="Lovers of Barolo"
    )
    page = client.get(preferences_path(make_message(zita, make_campaign(broken))))
    assert page.status_code == 200
    assert "Lovers of Barolo" not in page.content.decode()


def test_a_routine_message_says_what_it_belongs_to(client: Client) -> None:
    topic = make_topic("Your orders", purpose="routine")
    page = page_of(client, make_recipient(), topic=topic, purpose="routine")
    assert "because it belongs to something you ordered or booked with us." in page
    assert "Always, they belong to the order" in page


def test_all_that_people_wrote_is_escaped(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    zita = make_recipient("zita@example.com", bad, given_name=bad)
    topic = make_topic(bad, description=bad)
    grant(zita, [topic], channel="email", source=Source.FORM, by=SYSTEM, wording=bad)
    sender = make_sender(bad, role=bad, phone=bad)
    page = page_of(client, zita, topic=topic, justification=bad, sender=sender)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
