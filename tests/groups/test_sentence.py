from typing import Any

import pytest
from django.utils import translation

from outreach.groups.rule import validate
from outreach.groups.sentence import sentence
from tests.builders import make_group, make_topic
from tests.groups.people import asks, in_italy, rule_that

pytestmark = pytest.mark.django_db


def _said(*conditions: Any, match: str = "all") -> str:
    return sentence(validate(rule_that(*conditions, match=match)))


def test_b3_a_rule_is_read_back_as_a_sentence() -> None:
    make_topic("Tastings and visits", slug="tastings")

    said = _said(in_italy(), asks("interest", "includes", "tastings"))

    assert said == "People whose country is Italy and who are interested in “Tastings and visits”."


def test_any_of_three() -> None:
    group = make_group(name="Press")

    said = _said(
        in_italy(),
        asks("contact.city", "starts", "San"),
        asks("group", "excludes", str(group.pk)),
        match="any",
    )

    assert said == (
        "People whose country is Italy, whose city begins with “San” or who are not in “Press”."
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (asks("contact.city", "empty"), "whose city is not known"),
        (asks("contact.customer_since", "before", "2024-03-05"), "is before March 5, 2024"),
        (asks("contact.last_order", "in_last", 90), "is in the last 90 days"),
        (asks("contact.last_order", "longer_ago", 1200), "is more than 1,200 days ago"),
        (asks("person.stage", "differs", "lapsed"), "whose stage is not lapsed"),
        (asks("person.language", "equals", "it"), "whose language is Italian"),
        (asks("contact.city", "equals", "%(value)s"), "whose city is “%(value)s”"),
    ],
)
def test_one_condition(condition: Any, said: str) -> None:
    with translation.override("en"):
        assert said in _said(condition)
