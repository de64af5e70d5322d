"""Two at once, with real threads: one message, one person, one proof (statements 3 and 13)."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from outreach.exceptions import Conflict
from outreach.history.actor import SYSTEM
from outreach.preferences.models import ConsentRecord
from outreach.recipients.models import Address, Recipient
from outreach.signups import mails
from outreach.signups.confirm import confirm
from outreach.signups.keep_form import save_form
from outreach.signups.limits import is_within
from outreach.signups.models import SignUp
from tests.at_once import at_once
from tests.builders import make_address, make_topic
from tests.signups.making import confirm_path, make_form, pending

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def try_to_confirm(row: SignUp) -> bool:
    try:
        confirm(row)
    except Conflict:
        return False
    return True


def test_sweeps_that_meet_send_one_message_each(outbox: list[EmailMultiAlternatives]) -> None:
    form = make_form()
    for number in range(10):
        pending(form, f"p{number}@example.com")
    at_once(*[mails.sweep] * AT_ONCE)
    assert sorted(message.to[0] for message in outbox) == sorted(
        f"p{number}@example.com" for number in range(10)
    )


def test_b7_presses_that_meet_count_once() -> None:
    row = pending()
    assert sorted(at_once(*[lambda: try_to_confirm(row)] * AT_ONCE)) == [False] * 5 + [True]
    assert ConsentRecord.objects.count() == Recipient.objects.count() == 1


def test_two_forms_confirmed_at_once_are_one_person_at_one_address(settings: Settings) -> None:
    settings.OUTREACH = {**settings.OUTREACH, "SIGN_UPS_PER_ADDRESS": 100}
    for number in range(5):
        email = f"p{number}@example.com"
        make_address(email)  # known, and nobody is reached there
        rows = [pending(make_form(make_topic()), email) for _form in range(4)]
        assert at_once(*[partial(try_to_confirm, row) for row in rows]) == [True] * 4
    assert Recipient.objects.count() == Address.objects.count() == 5
    assert ConsentRecord.objects.count() == 20


def test_a_limit_holds_against_many_at_once() -> None:
    def knock() -> bool:
        return is_within("form", "1", most=4, per=timedelta(days=1))

    assert sum(at_once(*[knock] * 10)) == 4


def test_changes_of_words_that_meet_are_versions_one_after_the_other() -> None:
    form = make_form()
    at_once(
        *[
            lambda text=text: save_form(form, wording=text, by=SYSTEM)
            for text in ("one", "two", "three", "four")
        ]
    )
    assert list(form.wordings.values_list("version", flat=True)) == [5, 4, 3, 2, 1]


def test_the_page_and_the_button_twice_at_once(client: Client) -> None:
    row = pending()
    path = confirm_path(row)
    answers = at_once(*[lambda: Client().post(path, {"do": "confirm"}).status_code] * 4)
    assert answers == [200] * 4
    assert ConsentRecord.objects.count() == 1
