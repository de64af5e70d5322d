"""B11: how often, topic by topic, chosen on the page and said back in words."""

import pytest
from django.test import Client

from outreach.history.actor import CUSTOMER
from outreach.preferences.frequency import frequency_of, set_frequency
from outreach.preferences.wish_models import AtMost
from tests.builders import subscribe
from tests.centre.form_on_page import open_form
from tests.centre.messages import all_rows
from tests.centre.people import Maria, make_maria

pytestmark = pytest.mark.django_db


@pytest.fixture
def maria() -> Maria:
    return make_maria()


def test_b11_the_page_shows_how_often(client: Client, maria: Maria) -> None:
    set_frequency(maria.person, {maria.vintages: "monthly"}, by=CUSTOMER)
    form = open_form(client, maria.path)
    assert form.often == {"tastings": "", "vintages": "monthly"}
    assert "Twice a year" in client.get(maria.path).content.decode()


def test_b11_a_frequency_is_saved_and_said_in_words(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    form.often["tastings"] = "monthly"
    page = form.save()
    assert frequency_of(maria.person) == {maria.tastings.pk: AtMost.MONTHLY}
    assert (
        "<strong>Saved.</strong> From now on you hear from us only about “Tastings and visits”, "
        "by e-mail, at most once a month." in page
    )


def test_topics_that_come_differently_are_told_apart(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    form.ticked.add("vintages:email")
    form.often["vintages"] = "weekly"
    assert (
        "From now on you hear from us about “Tastings and visits” (by e-mail); "
        "“New vintages” (by e-mail, at most once a week)." in form.save()
    )


def test_b11_as_it_comes_is_chosen_as_easily(client: Client, maria: Maria) -> None:
    set_frequency(maria.person, {maria.tastings: "weekly"}, by=CUSTOMER)
    form = open_form(client, maria.path)
    form.often["tastings"] = ""
    assert "only about “Tastings and visits”, by e-mail." in form.save()
    assert frequency_of(maria.person) == {}


def test_what_was_not_touched_is_not_written(client: Client, maria: Maria) -> None:
    """The strictest wins: an old page undoes nothing that was chosen since."""
    form = open_form(client, maria.path)
    set_frequency(maria.person, {maria.tastings: "monthly"}, by=CUSTOMER)
    before = all_rows()
    form.save()
    assert all_rows() == before


@pytest.mark.parametrize(
    ("since", "chosen", "kept"),
    [("monthly", "weekly", "monthly"), ("weekly", "monthly", "monthly")],
)
def test_of_two_pages_the_stricter_wins(
    client: Client, maria: Maria, since: str, chosen: str, kept: str
) -> None:
    form = open_form(client, maria.path)
    set_frequency(maria.person, {maria.tastings: since}, by=CUSTOMER)
    form.often["tastings"] = chosen
    form.save()
    assert frequency_of(maria.person) == {maria.tastings.pk: AtMost(kept)}


def test_a_form_without_the_field_changes_nothing(client: Client, maria: Maria) -> None:
    set_frequency(maria.person, {maria.tastings: "monthly"}, by=CUSTOMER)
    client.post(maria.path, {"do": "save", "ticked": "tastings:email", "shown": "tastings:email"})
    assert frequency_of(maria.person) == {maria.tastings.pk: AtMost.MONTHLY}


@pytest.mark.parametrize("often", ["hourly", "\x00", "weekly ", "é" * 900])
def test_a_frequency_that_is_not_offered_is_refused(
    client: Client, maria: Maria, often: str
) -> None:
    before = all_rows()
    answer = client.post(maria.path, {"do": "save", "often:tastings": often})
    assert answer.status_code == 400
    assert all_rows() == before


@pytest.mark.parametrize("slug", ["nothing", "orders", "", "tastings:x", "\x00"])
def test_a_topic_that_is_not_offered_is_not_written(
    client: Client, maria: Maria, slug: str
) -> None:
    before = all_rows()
    client.post(maria.path, {"do": "save", f"often:{slug}": "weekly", "was": f"{slug}:monthly"})
    assert all_rows() == before


def test_the_page_asks_the_database_the_same_for_many_topics(
    client: Client, maria: Maria, django_assert_max_num_queries: object
) -> None:
    subscribe(maria.person, maria.vintages)
    set_frequency(maria.person, {maria.tastings: "weekly", maria.vintages: "weekly"}, by=CUSTOMER)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(maria.path)
