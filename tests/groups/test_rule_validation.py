import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import rule_of
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
    assert [c.fact.name for c in rule.conditions()] == ["contact.country", "interest"]
    assert [c.value for c in rule.conditions()] == ["IT", "tastings"]


def _nested(levels: int) -> Any:
    rule: dict[str, Any] = {"match": "all", "conditions": [in_italy()]}
    for _level in range(levels):
        rule = {"match": "all", "conditions": [rule]}
    return {"version": 2, **rule}


BAD_RULES: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "version"),
    "not an object": ([in_italy()], "not in the form of a rule"),
    "none": (None, "not in the form of a rule"),
    "text": ('{"version": 1}', "not in the form of a rule"),
    "unknown version": ({**rule_that(in_italy()), "version": 3}, "version"),
    "true as version": ({**rule_that(in_italy()), "version": True}, "version"),
    "unknown match": (rule_that(in_italy(), match="most"), "all, any or none"),
    "match of another type": ({**rule_that(in_italy()), "match": ["all"]}, "all, any or none"),
    "unknown key": ({**rule_that(in_italy()), "sql": "1=1"}, "more than this software"),
    "no conditions": (rule_that(), "at least one condition"),
    "conditions no list": ({**rule_that(), "conditions": {"0": 1}}, "at least one condition"),
    "too many conditions": (rule_that(*[in_italy()] * 51), "at most 50"),
    "a condition that is text": ({**rule_that(), "conditions": ["x"]}, "Condition 1"),
    "a second that is bad": (rule_that(in_italy(), asks("nope", "equals", "x")), "Condition 2"),
    "nested too deep": (_nested(5), "at most 5 levels"),
    "ten thousand nested levels": (_nested(10_000), "at most 5 levels"),
    "very many empty blocks": (
        rule_that(*[{"match": "all", "conditions": []}] * 10**5),
        "at most 50",
    ),
    "an empty block": (rule_that({"match": "any", "conditions": []}), "Condition 1: A rule needs"),
    "a block with another key": (
        rule_that({"match": "any", "conditions": [in_italy()], "fact": "x"}),
        "more than this software",
    ),
    "a block without a match": (rule_that({"conditions": [in_italy()]}), "all, any or none"),
    "a bad one within": (
        rule_that(in_italy(), {"match": "none", "conditions": [in_italy(), asks("no", "equals")]}),
        "Condition 2.2: Nothing is known",
    ),
    "too many in all": (
        rule_that(*[{"match": "any", "conditions": [in_italy()] * 11}] * 5),
        "at most 50",
    ),
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

    assert next(rule.conditions()).value == text


def test_version_1_is_read_and_becomes_version_2_when_it_is_saved() -> None:
    group = ContactGroup.objects.create(
        name="Old",
        kind=ContactGroup.Kind.RULE,
        rule={"version": 1, "match": "any", "conditions": [in_italy()]},
    )

    assert group.rule == rule_that(in_italy(), match="any")
    assert group.rule["version"] == 2


def test_five_levels_and_fifty_conditions_are_still_a_rule() -> None:
    many = rule_that(*[{"match": "any", "conditions": [in_italy()] * 10}] * 5)

    assert len(list(validate(many).conditions())) == 50
    assert len(list(validate(_nested(4)).conditions())) == 1


def test_nothing_too_deep_gets_past_the_check_of_saving() -> None:
    group = ContactGroup(name="Deep", kind=ContactGroup.Kind.RULE, rule=_nested(10_000))

    with pytest.raises(ValidationError, match="at most 5 levels"):
        ContactGroup.objects.bulk_create([group])
    with pytest.raises(ValidationError, match="at most 5 levels"):
        ContactGroup.objects.update(rule=_nested(6))


def test_what_cannot_be_parsed_in_the_database_is_a_broken_rule_and_no_crash() -> None:
    group = ContactGroup.objects.create(
        name="Italy", kind=ContactGroup.Kind.RULE, rule=rule_that(in_italy())
    )
    field = ContactGroup._meta.get_field("rule")

    assert field.from_db_value("[" * 100_000, None, connection) is None
    group.rule = None
    with pytest.raises(BrokenRule, match="Mend it"):
        rule_of(group)
