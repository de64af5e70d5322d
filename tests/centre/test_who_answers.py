"""B6: there is always a person to call, or at least one who reads."""

import pytest
from django.test import Client

from outreach.ledger.models import Attempt
from outreach.senders.models import Sender
from tests.builders import make_recipient, make_sender
from tests.centre.messages import (
    ask_data_path,
    erase_path,
    make_message,
    my_data_path,
    preferences_path,
    reasons_path,
    unsubscribe_path,
)
from tests.signups.making import confirm_path, make_form, pending

PATHS = (
    preferences_path,
    unsubscribe_path,
    reasons_path,
    ask_data_path,
    my_data_path,
    erase_path,
    lambda attempt: confirm_path(pending(make_form(sender=attempt.delivery.run.campaign.sender))),
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return make_message(make_recipient(), sender=make_sender("Anna Bianchi", role="Visits"))


def pages(client: Client, attempt: Attempt) -> list[str]:
    return [client.get(path(attempt)).content.decode() for path in PATHS]


def test_b6_the_person_who_signed_answers(client: Client, attempt: Attempt) -> None:
    for page in pages(client, attempt):
        assert "Anna Bianchi answers you" in page
        assert '<a class="phone" href="tel:+3901415550100">+39 0141 555 0100</a>' in page


def test_b6_where_she_does_not_any_more_somebody_else_does(
    client: Client, attempt: Attempt
) -> None:
    Sender.objects.update(is_active=False)
    make_sender("Piotr Nowak", phone="+39 0141 555 0200")
    for page in pages(client, attempt):
        assert "Piotr Nowak answers you" in page
        assert "In the place of Anna Bianchi, who signed our message." in page
        assert "tel:+3901415550200" in page
        assert "tel:+3901415550100" not in page


def test_b6_where_nobody_signs_any_more_an_answer_is_read(client: Client, attempt: Attempt) -> None:
    Sender.objects.update(is_active=False)
    for page in pages(client, attempt):
        assert "one of us reads it and does what you ask" in page
        assert "tel:" not in page
