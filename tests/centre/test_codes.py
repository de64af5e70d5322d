"""Codes on a person's own page, in words that speak to them (B12)."""

import pytest
from django.db.models import Choices
from django.utils import translation

from outreach.centre.codes import SAID, said_to_them
from outreach.eligibility.rules import rules
from outreach.ledger.models import Delivery
from outreach.preferences.acts import Act, Source
from outreach.preferences.declared import Outcome
from outreach.preferences.models import Suppression
from outreach.preferences.wording import HAPPENED
from outreach.recipients.held import Coded
from outreach.recipients.models import Stage
from tests.centre.catalogue import LANGUAGES

OF: dict[str, type[Choices]] = {
    "stage": Stage,
    "act": Act,
    "source": Source,
    "reason": Suppression.Reason,
    "outcome": Outcome,
    "state": Delivery.State,
}


@pytest.mark.parametrize("column", OF)
def test_b12_each_code_of_a_list_has_words_for_the_person(column: str) -> None:
    assert {str(code) for code in OF[column].values} == set(SAID[column])


def test_b12_each_reason_and_each_event_has_words_for_the_person() -> None:
    assert {rule.code for rule in rules()} - set(SAID["left_out_because"]) == set()
    assert set(HAPPENED) == set(SAID["what"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_in_the_persons_language(language: str) -> None:
    with translation.override(None):
        english = {str(words) for words in SAID["left_out_because"].values()}
    with translation.override(language):
        assert {str(words) for words in SAID["left_out_because"].values()} & english == set()


def test_a_code_of_the_hosts_keeps_its_own_words() -> None:
    assert said_to_them("left_out_because", Coded("hosts_own", "likes no wine")) == "likes no wine"
    assert said_to_them("topic", Coded("sent", "Sent by hand")) == "Sent by hand"
