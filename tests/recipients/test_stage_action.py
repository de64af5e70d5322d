"""A8: in the list of people a stage is moved by whoever may, with a reason that is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outreach.history.models import HistoryEntry
from outreach.history.record import history_of
from outreach.recipients.models import Recipient, Stage
from tests.builders import make_recipient
from tests.recipients.staff_pages import browser, read

pytestmark = pytest.mark.django_db
PEOPLE = "admin:outreach_recipient_changelist"
WHY = "Talked with us at the fair in Alba."


def ask(client: Client, *people: Recipient, query: str = "", **form: str) -> Any:
    chosen = {"action": "move_stage", "_selected_action": [person.pk for person in people]}
    return client.post(reverse(PEOPLE) + query, chosen | form)


def test_a8_it_asks_which_stage_and_how_they_know_then_keeps_both() -> None:
    anna = browser("view_recipient", "move_stage")
    maria = make_recipient(stage=Stage.STRANGER)
    page = ask(anna, maria)
    assert "How do you know?" in page.content.decode()
    assert f'name="_selected_action" value="{maria.pk}"' in page.content.decode()
    assert not HistoryEntry.objects.exists()
    answer = ask(anna, maria, stage="acquainted", reason=WHY)
    assert answer.status_code == 302
    maria.refresh_from_db()
    assert maria.stage == Stage.ACQUAINTED
    entry = history_of(maria).get()
    assert (entry.actor_name, entry.note) == ("Anna", f"acquainted: {WHY}")
    page_of_maria = read(anna, "outreach_recipient_change", maria.pk)
    assert WHY in page_of_maria


@pytest.mark.parametrize(
    "form",
    [
        {"stage": "acquainted", "reason": ""},
        {"stage": "acquainted", "reason": "   "},
        {"stage": "acquainted", "reason": "x" * 501},
        {"stage": "acquainted", "reason": "\0"},
        {"stage": "", "reason": WHY},
        {"stage": "best friend", "reason": WHY},
        {"reason": WHY},
    ],
)
def test_a8_without_a_stage_and_a_reason_nobody_is_moved(form: dict[str, str]) -> None:
    maria = make_recipient(stage=Stage.STRANGER)
    answer = ask(browser("view_recipient", "move_stage"), maria, **form)
    assert answer.status_code == 200
    assert "Please correct the error" in answer.content.decode()
    maria.refresh_from_db()
    assert maria.stage == Stage.STRANGER


def test_all_of_a_list_are_moved_as_it_is_filtered() -> None:
    for stage in (Stage.STRANGER, Stage.STRANGER, Stage.LAPSED):
        make_recipient(stage=stage)
    ask(
        browser("view_recipient", "move_stage"), Recipient.objects.all()[0],
        query="?stage=stranger", select_across="1", stage="introduced", reason=WHY,
    )  # fmt: skip
    stages = Recipient.objects.order_by("stage").values_list("stage", flat=True)
    assert list(stages) == [Stage.INTRODUCED, Stage.INTRODUCED, Stage.LAPSED]


def test_a8_without_the_permission_it_is_neither_offered_nor_done() -> None:
    client = browser("view_recipient")
    maria = make_recipient(stage=Stage.STRANGER)
    assert "Say how well" not in read(client, "outreach_recipient_changelist")
    ask(client, maria, stage="customer", reason=WHY)
    maria.refresh_from_db()
    assert maria.stage == Stage.STRANGER
