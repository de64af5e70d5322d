"""D2, D4: a person tells us in their own words, sees what we hold of it, and can take it back."""

import pytest
from django.test import Client

from outreach.eligibility.decide import may_contact
from outreach.history.actor import CUSTOMER
from outreach.preferences.models import Source
from outreach.preferences.statements import MOST_A_DAY, say, tie
from outreach.preferences.wish_models import Statement
from tests.builders import make_actor, make_recipient
from tests.centre.form_on_page import open_form
from tests.centre.messages import all_rows, make_message, preferences_path
from tests.centre.people import Maria, make_maria

pytestmark = pytest.mark.django_db

WORDS = "No minutes,\nonly internet <please>"


@pytest.fixture
def maria() -> Maria:
    return make_maria()


def test_d2_what_a_person_says_is_kept_and_shown(client: Client, maria: Maria) -> None:
    page = open_form(client, maria.path).press(do="tell", words=WORDS)
    statement = Statement.objects.get()
    assert (statement.recipient, statement.text) == (maria.person, WORDS)
    assert (statement.said_by, statement.source) == ("customer", "preference_page")
    assert "Thank you." in page
    assert "No minutes,<br>only internet &lt;please&gt;" in page
    assert "you wrote here:" in page
    assert "Nobody has read it yet." in page


@pytest.mark.parametrize("words", ["", "   \n ", "\x00\x01"])
def test_without_words_we_ask_for_some(client: Client, maria: Maria, words: str) -> None:
    answer = client.post(maria.path, {"do": "tell", "words": words})
    assert answer.status_code == 422
    assert "Write a few words first" in answer.content.decode()
    assert not Statement.objects.exists()


def test_what_is_too_long_is_not_lost(client: Client, maria: Maria) -> None:
    long = "я" * 1001
    answer = client.post(maria.path, {"do": "tell", "words": long})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That is 1 character more than we can keep." in page
    assert '<a href="#words">' in page
    assert f"\n{long}</textarea>" in page
    assert not Statement.objects.exists()


def test_lines_count_once_each(client: Client, maria: Maria) -> None:
    open_form(client, maria.path).press(do="tell", words="a\r\n" * 500)
    assert len(Statement.objects.get().text) == 999


def test_so_much_a_day_and_then_a_kind_word(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    for number in range(MOST_A_DAY):
        form.press(do="tell", words=f"Word {number}")
    answer = client.post(maria.path, {"do": "tell", "words": "One more"})
    assert answer.status_code == 422
    assert "You have told us much today" in answer.content.decode()
    assert "\nOne more</textarea>" in answer.content.decode()
    assert Statement.objects.count() == MOST_A_DAY


def test_sent_twice_it_is_kept_once(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    form.press(do="tell", words=WORDS)
    before = all_rows()
    form.press(do="tell", words=WORDS)
    assert all_rows() == before


def test_d4_the_page_says_what_we_took_it_to_mean(client: Client, maria: Maria) -> None:
    statement = say(maria.person, WORDS, source=Source.PHONE, by=make_actor())
    tie(
        statement,
        wanted=[maria.vintages],
        unwanted=[maria.tastings],
        channels=["email"],
        by=make_actor(),
    )
    page = client.get(maria.path).content.decode()
    assert "you told us on the telephone:" in page
    assert "yes to “New vintages”, no to “Tastings and visits”." in page
    assert open_form(client, maria.path).ticked == {"vintages:email"}


def test_d2_a_box_ticked_after_the_words_counts(client: Client, maria: Maria) -> None:
    statement = say(maria.person, WORDS, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    tie(statement, unwanted=[maria.tastings], by=make_actor())
    form = open_form(client, maria.path)
    form.ticked.add("tastings:email")
    assert "only about “Tastings and visits”, by e-mail." in form.save()
    assert may_contact(maria.person, maria.tastings, "email").is_allowed


def test_d4_it_can_be_taken_back(client: Client, maria: Maria) -> None:
    statement = say(maria.person, WORDS, source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    tie(statement, unwanted=[maria.tastings], by=make_actor())
    form = open_form(client, maria.path)
    for _press in range(2):
        page = form.press(do="take-back", statement=str(statement.pk))
        assert "Taken back." in page
        assert "only about “Tastings and visits”, by e-mail." in page
        assert "only internet" not in page
    statement.refresh_from_db()
    assert statement.taken_back_at is not None


def test_nobody_takes_back_or_sees_what_another_said(client: Client, maria: Maria) -> None:
    piero = make_recipient("piero@example.com", "Piero Bruno")
    statement = say(piero, "My own words", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    assert "My own words" not in client.get(maria.path).content.decode()
    before = all_rows()
    open_form(client, maria.path).press(do="take-back", statement=str(statement.pk))
    assert all_rows() == before


@pytest.mark.parametrize("key", ["", "x", "-1", "1.0", "\u0661", "9" * 40, "\x00"])
def test_a_key_that_is_none_is_refused(client: Client, maria: Maria, key: str) -> None:
    answer = client.post(maria.path, {"do": "take-back", "statement": key})
    assert answer.status_code == 400


def test_who_stopped_everything_can_still_tell_us(client: Client, maria: Maria) -> None:
    form = open_form(client, maria.path)
    form.press(do="stop")
    page = form.press(do="tell", words="I moved away")
    assert "I moved away" in page
    assert "You get no messages from us" in page


def test_an_erased_person_cannot_be_told_anything_about(client: Client) -> None:
    attempt = make_message()
    attempt.delivery.recipient.erased_at = attempt.claimed_at
    attempt.delivery.recipient.save()
    answer = client.post(preferences_path(attempt), {"do": "tell", "words": WORDS})
    assert answer.status_code == 404
    assert not Statement.objects.exists()
