"""B12: staff erase a person, with a permission, a reason, and after a question."""

import pytest
from django.test import Client
from django.urls import reverse

from outreach.history.record import history_of
from outreach.recipients.models import Recipient
from tests.builders import make_recipient
from tests.recipients.staff_pages import browser, read, text_of

pytestmark = pytest.mark.django_db
PERSON, ERASE = "outreach_recipient_change", "outreach_recipient_erase"


def post(client: Client, person: Recipient, **data: str) -> str:
    answer = client.post(reverse(f"admin:{ERASE}", args=[person.pk]), data, follow=True)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def test_b12_the_privacy_officer_erases_after_a_question() -> None:
    maria, officer = (
        make_recipient(name="Maria Rossi"),
        browser("view_recipient", "erase_recipient"),
    )
    assert "Erase this person" in read(officer, PERSON, maria.pk)
    assert "Nobody can bring them back." in read(officer, ERASE, maria.pk)
    page = post(officer, maria, reason="asked_by_phone", is_sure="on")
    assert "The person is erased." in page
    assert "(erased)" in page
    assert "Maria" not in page
    entry = history_of(maria)[0]
    assert (entry.verb, entry.note, entry.actor_name) == ("person.erased", "asked_by_phone", "Anna")
    assert "Erase this person" not in read(officer, PERSON, maria.pk)
    assert officer.get(reverse(f"admin:{ERASE}", args=[maria.pk])).status_code == 404
    assert officer.get(reverse(f"admin:{ERASE}", args=[10**30])).status_code == 404


@pytest.mark.parametrize(
    "data", [{}, {"reason": "asked_by_phone"}, {"is_sure": "on"}, {"reason": "x", "is_sure": "on"}]
)
def test_without_reason_and_care_nobody_is_erased(data: dict[str, str]) -> None:
    maria = make_recipient()
    post(browser("view_recipient", "erase_recipient"), maria, **data)
    assert Recipient.objects.get().erased_at is None


@pytest.mark.parametrize("permissions", [["view_recipient"], ["erase_recipient"]])
def test_without_the_permission_there_is_no_such_page(permissions: list[str]) -> None:
    maria, client = make_recipient(), browser(*permissions)
    for answer in (
        client.get(reverse(f"admin:{ERASE}", args=[maria.pk])),
        client.post(reverse(f"admin:{ERASE}", args=[maria.pk]), {"is_sure": "on"}),
    ):
        assert answer.status_code == 403
    assert Recipient.objects.get().erased_at is None
