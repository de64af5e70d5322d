"""D5: a person may ask for "only this", and it is so."""

import pytest
from django.test import Client

from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import DeliveryEvent
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Act, ConsentRecord, Objection, Source, Topic
from tests.builders import address_of, make_topic, subscribe
from tests.centre.form_on_page import open_form
from tests.centre.messages import all_rows
from tests.centre.people import Maria, give_phone, make_maria

pytestmark = pytest.mark.django_db


@pytest.fixture
def offers() -> Topic:
    return make_topic("Offers", slug="offers", position=3)


@pytest.fixture
def maria(offers: Topic) -> Maria:
    maria = make_maria("offers")
    make_topic("Your orders", slug="orders", purpose="routine")
    return maria


def test_d5_one_topic_is_kept_and_all_others_are_refused(client: Client, maria: Maria) -> None:
    give_phone(maria.person)
    subscribe(maria.person, maria.tastings, channel="sms")
    page = open_form(client, maria.path).press(do="only", only="tastings")
    assert maria.wants() == {
        "tastings": {"email": True, "sms": True},
        "vintages": {"email": False, "sms": False},
        "offers": {"email": False, "sms": False},
        "orders": {},
    }
    assert "hear from us only about “Tastings and visits”, by e-mail, by SMS." in page
    assert not DeliveryEvent.objects.exists()


def test_d5_each_refusal_is_an_act_with_its_words_and_binds_the_address(
    client: Client, maria: Maria, offers: Topic
) -> None:
    open_form(client, maria.path).press(do="only", only="tastings")
    acts = ConsentRecord.objects.filter(act=Act.WITHDRAW).select_related("wording")
    assert {(act.topic, act.source, act.in_which_words) for act in acts} == {
        (topic, "preference_page", "Only “Tastings and visits”")
        for topic in (maria.vintages, offers)
    }
    bound = Objection.objects.filter(address=address_of(maria.person))
    assert {objection.topic for objection in bound} == {maria.vintages, offers}


def test_d5_what_is_wanted_and_not_on_the_page_any_more_is_refused_too(
    client: Client, maria: Maria
) -> None:
    old = make_topic("Old", slug="old", is_active=False)
    subscribe(maria.person, old)
    subscribe(maria.person, maria.vintages, channel="post")
    open_form(client, maria.path).press(do="only", only="tastings")
    acts = ConsentRecord.objects.filter(act=Act.WITHDRAW)
    assert set(acts.values_list("topic__slug", "channel")) >= {
        ("old", "email"),
        ("vintages", "post"),
    }


def test_pressed_twice_it_writes_nothing_new(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    form.press(do="only", only="tastings")
    before = all_rows()
    form.press(do="only", only="tastings")
    assert all_rows() == before


def test_an_old_page_does_not_bring_back_what_was_refused_since(
    client: Client, maria: Maria
) -> None:
    form = open_form(client, maria.path)
    withdraw(maria.person, [maria.tastings], channel="email", source=Source.PHONE, by=SYSTEM)
    page = form.press(do="only", only="tastings")
    assert maria.wants()["tastings"] == {"email": False}
    assert "From now on you get no messages from us" in page


def test_to_drop_what_the_message_was_about_counts_as_asking_to_stop(
    client: Client, maria: Maria
) -> None:
    open_form(client, maria.path).press(do="only", only="offers")
    assert DeliveryEvent.objects.get().kind == DeliveryEvent.Kind.UNSUBSCRIBED


@pytest.mark.parametrize("slug", ["", "nothing", "orders", "\x00", "é" * 900])
def test_what_is_not_offered_cannot_be_kept(client: Client, maria: Maria, slug: str) -> None:
    before = all_rows()
    assert client.post(maria.path, {"do": "only", "only": slug}).status_code == 400
    assert all_rows() == before


def test_it_is_offered_where_there_is_something_to_leave_out(client: Client, maria: Maria) -> None:
    page = client.get(maria.path).content.decode()
    assert "Only “Offers”" in page
    assert "Only “New vintages”" not in page
    withdraw(maria.person, [maria.tastings], channel="email", source=Source.PHONE, by=CUSTOMER)
    assert "Only this" not in client.get(maria.path).content.decode()


def test_many_topics_share_a_list(client: Client, maria: Maria) -> None:
    subscribe(maria.person, *(make_topic(f"Topic {n}", slug=f"t{n}") for n in range(6)))
    page = client.get(maria.path).content.decode()
    assert '<select id="keep" name="only">' in page
    assert "Only “Offers”" not in page
