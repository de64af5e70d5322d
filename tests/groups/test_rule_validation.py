import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from outreach.groups.models import ContactGroup
from outreach.groups.rule import Match, Rule, validate
from tests.builders import make_topic
from tests.groups.people import asks, in_italy, rule_that

pytestmark = pytest.mark.django_db


def test_a_rule_is_read_into_facts_and_typed_values() -> None:
    make_topic(slug="tastings")

    rule = validate(rule_that(in_italy(), asks("interest", "includes", "tastings"), match="any"))

    assert isinstance(rule, Rule)
    assert rule.match == Match.ANY
    assert [c.fact.name for c in rule.conditions] == ["contact.country", "interest"]
    assert [c.value for c in rule.conditions] == ["IT", "tastings"]


def _nested(levels: int) -> Any:
    rule: dict[str, Any] = {"match": "all", "conditions": [in_italy()]}
    for _level in range(levels):
        rule = {"match": "all", "conditions": [rule]}
    return {"version": 1, **rule}


BAD_RULES: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "version"),
    "not an object": ([in_italy()], "not in the form of a rule"),
    "none": (None, "not in the form of a rule"),
    "text": ('{"version": 1}', "not in the form of a rule"),
    "unknown version": ({**rule_that(in_italy()), "version": 2}, "version"),
    "true as version": ({**rule_that(in_italy()), "version": True}, "version"),
    "unknown match": (rule_that(in_italy(), match="none"), "all of the conditions"),
    "match of another type": ({**rule_that(in_italy()), "match": ["all"]}, "all of the conditions"),
    "unknown key": ({**rule_that(in_italy()), "sql": "1=1"}, "more than this software"),
    "no conditions": (rule_that(), "at least one condition"),
    "conditions no list": ({**rule_that(), "conditions": {"0": 1}}, "at least one condition"),
    "too many conditions": (rule_that(*[in_italy()] * 21), "at most 20"),
    "a condition that is text": ({**rule_that(), "conditions": ["x"]}, "Condition 1"),
    "a second that is bad": (rule_that(in_italy(), asks("nope", "equals", "x")), "Condition 2"),
    "nested": (_nested(1), "inside of conditions"),
    "ten thousand nested levels": (_nested(10_000), "inside of conditions"),
    "unknown fact": (rule_that(asks("contact.shoe_size", "equals", "4")), "contact.shoe_size"),
    "an ORM path": (rule_that(asks("links__recipient__name", "equals", "M")), "Nothing is known"),
    "a path within a fact": (
        rule_that(asks("contact.company__vat_number", "equals", "1")),
        "Nothing is known",
    ),
    "fact of another type": (rule_that(asks(["person.stage"], "equals", "x")), "Nothing is known"),  # type: ignore[arg-type]
    "fact with control characters": (rule_that(asks("a\x00b", "equals", "x")), "Nothing is known"),
    "huge name of a fact": (rule_that(asks("x" * 10**6, "equals", "x")), "Nothing is known"),
    "forbidden lookup": (
        rule_that(asks("contact.city", "before", "2026-01-01")),
        "cannot be asked",
    ),
    "an ORM lookup": (rule_that(asks("contact.city", "regex", ".*")), "cannot be asked"),
    "lookup of another type": (rule_that({**in_italy(), "is": {"a": 1}}), "cannot be asked"),
    "unknown key in a condition": (rule_that({**in_italy(), "or": 1}), "more than this software"),
    "no value": (rule_that(asks("contact.city", "equals")), "Write a word"),
    "blank value": (rule_that(asks("contact.city", "equals", "  ")), "Write a word"),
    "number for text": (rule_that(asks("contact.city", "equals", 5)), "Write a word"),
    "list for text": (rule_that(asks("contact.city", "equals", ["Asti"])), "Write a word"),
    "huge text": (rule_that(asks("contact.city", "contains", "x" * 10**6)), "at most 200"),
    "NUL byte": (rule_that(asks("contact.city", "contains", "As\x00ti")), "cannot be used"),
    "half a character": (rule_that(asks("contact.city", "contains", "\ud800")), "cannot be used"),
    "unknown choice": (rule_that(asks("contact.country", "equals", "Atlantis")), "“Atlantis”"),
    "SQL for a choice": (
        rule_that(asks("contact.country", "equals", "IT' OR 1=1 --")),
        "is not one of",
    ),
    "NUL in a choice": (rule_that(asks("contact.country", "equals", "IT\x00")), "Choose one of"),
    "list for a choice": (rule_that(asks("contact.country", "equals", ["IT"])), "Choose one of"),
    "a topic that is not": (rule_that(asks("interest", "includes", "boats")), "nothing to choose"),
    "value where none is taken": (rule_that(asks("contact.city", "empty", "x")), "takes no value"),
    "no date": (rule_that(asks("contact.customer_since", "before", "soon")), "Write a date"),
    "an impossible date": (
        rule_that(asks("contact.customer_since", "before", "2026-02-30")),
        "Write a date",
    ),
    "a date as a week": (
        rule_that(asks("contact.customer_since", "before", "2026-W10-1")),
        "Write a date",
    ),
    "a date too far off": (
        rule_that(asks("contact.customer_since", "after", "9999-12-31")),
        "Write a date",
    ),
    "days as text": (rule_that(asks("contact.customer_since", "in_last", "90")), "whole number"),
    "true for days": (rule_that(asks("contact.customer_since", "in_last", True)), "whole number"),
    "no days": (rule_that(asks("contact.customer_since", "in_last", 0)), "whole number"),
    "endless days": (
        rule_that(asks("contact.customer_since", "longer_ago", 10**5000)),
        "whole number",
    ),
}


@pytest.mark.parametrize(("rule", "words"), BAD_RULES.values(), ids=BAD_RULES.keys())
def test_a_bad_rule_is_refused_in_words_and_never_stored(rule: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)) as refused:
        ContactGroup.objects.create(name="Bad", kind=ContactGroup.Kind.RULE, rule=rule)

    assert len(" ".join(refused.value.messages)) < 600
    assert not ContactGroup.objects.exists()


def test_a_stored_rule_cannot_be_overwritten_with_a_bad_one() -> None:
    group = ContactGroup.objects.create(
        name="Good", kind=ContactGroup.Kind.RULE, rule=rule_that(in_italy())
    )
    group.rule = rule_that()

    with pytest.raises(ValidationError):
        group.save(update_fields=["rule"])

    group.refresh_from_db()
    assert group.rule == rule_that(in_italy())


@pytest.mark.parametrize("text", ["'; DROP TABLE crm_contact; --", "100%", "a_b\\c", "Ñandú"])
def test_any_ordinary_text_is_a_value_and_no_more(text: str) -> None:
    rule = validate(rule_that(asks("contact.city", "contains", text)))

    assert rule.conditions[0].value == text
