"""Any rule over any few people finds just whom a plain reading of it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.groups.bounded import Counted
from outreach.groups.count import count_members
from outreach.groups.explain import explain
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.registry import known_facts
from outreach.groups.rule import MAX_DEPTH, block_as_json, to_json, validate
from outreach.groups.sentence import sentence
from outreach.preferences.models import Topic
from outreach.recipients.models import Recipient, Stage
from tests.builders import make_group, make_recipient, make_topic, subscribe
from tests.groups.people import asks, link_contact, make_rule_group

TODAY = date(2026, 5, 31)
COUNTRIES = ["IT", "ES", ""]
CITIES = ["Asti", "asti sud", "Alba", "", "50%_\\'"]
STAGES = [Stage.STRANGER, Stage.CUSTOMER]
TOPICS = ["tastings", "vintages"]
DAYS = [TODAY - timedelta(days=ago) for ago in (-1, 0, 1, 30, 31)]


@dataclass(frozen=True)
class Crm:
    """A contact as the CRM has it."""

    country: str
    city: str
    since: date | None


@dataclass(frozen=True)
class Someone:
    contacts: tuple[Crm, ...]
    stage: str
    topics: frozenset[str]
    is_picked: bool


CONTACTS = st.builds(
    Crm, st.sampled_from(COUNTRIES), st.sampled_from(CITIES), st.none() | st.sampled_from(DAYS)
)
PEOPLE = st.lists(
    st.builds(
        Someone,
        st.lists(CONTACTS, max_size=2).map(tuple),
        st.sampled_from(STAGES),
        st.frozensets(st.sampled_from(TOPICS)),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


def _depth(part: dict[str, Any]) -> int:
    return 1 + max(map(_depth, part["conditions"])) if "conditions" in part else 0


CHOICE_LOOKUPS = st.sampled_from(["equals", "differs"])
SET_LOOKUPS = st.sampled_from(["includes", "excludes"])
CONDITIONS = st.one_of(
    st.builds(
        asks, st.just("contact.country"), CHOICE_LOOKUPS, st.sampled_from(["IT", "ES", "FR"])
    ),
    st.builds(
        asks,
        st.just("contact.city"),
        st.sampled_from(["equals", "differs", "contains", "starts"]),
        st.sampled_from(["ASTI", "a", "sti", "%", "_", "\\", "'"]),
    ),
    st.builds(
        asks,
        st.sampled_from(["contact.country", "contact.city", "contact.customer_since"]),
        st.sampled_from(["filled", "empty"]),
    ),
    st.builds(
        asks,
        st.just("contact.customer_since"),
        st.sampled_from(["equals", "before", "after"]),
        st.sampled_from([day.isoformat() for day in DAYS]),
    ),
    st.builds(
        asks,
        st.just("contact.customer_since"),
        st.sampled_from(["in_last", "not_in_last", "longer_ago"]),
        st.sampled_from([1, 30, 36_500]),
    ),
    st.builds(asks, st.just("person.stage"), CHOICE_LOOKUPS, st.sampled_from(STAGES)),
    st.builds(asks, st.just("interest"), SET_LOOKUPS, st.sampled_from(TOPICS)),
    st.builds(asks, st.just("group"), SET_LOOKUPS, st.just("the group")),
)
RULES = st.recursive(
    CONDITIONS,
    lambda parts: st.builds(
        block_as_json,
        st.sampled_from(["all", "any", "none"]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=6,
).filter(lambda part: "conditions" in part and _depth(part) <= MAX_DEPTH)
OPPOSITES = {
    "differs": "equals",
    "empty": "filled",
    "excludes": "includes",
    "not_in_last": "in_last",
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda held, value: held == value,
    "contains": lambda held, value: value in held,
    "starts": lambda held, value: held.startswith(value),
    "before": lambda held, value: held < value,
    "after": lambda held, value: held > value,
    "in_last": lambda held, days: TODAY - timedelta(days=days) <= held <= TODAY,
    "longer_ago": lambda held, days: held < TODAY - timedelta(days=days),
    "filled": lambda held, value: True,
}


def _fits(part: dict[str, Any], someone: Someone) -> bool:
    if "conditions" not in part:
        return _holds(part, someone)
    fitting = [_fits(each, someone) for each in part["conditions"]]
    return {"all": all(fitting), "any": any(fitting), "none": not any(fitting)}[part["match"]]


def _holds(condition: dict[str, Any], someone: Someone) -> bool:
    lookup = condition["is"]
    if lookup in OPPOSITES:
        return not _holds({**condition, "is": OPPOSITES[lookup]}, someone)
    value = condition.get("value")
    match condition["fact"]:
        case "interest":
            return value in someone.topics
        case "group":
            return someone.is_picked
        case "person.stage":
            return someone.stage == value
        case "contact.country":
            held: list[Any] = [crm.country for crm in someone.contacts if crm.country]
        case "contact.city":
            held = [crm.city.lower() for crm in someone.contacts if crm.city]
            value = value and value.lower()
        case _:
            held = [crm.since for crm in someone.contacts if crm.since]
            value = date.fromisoformat(value) if isinstance(value, str) else value
    return any(COMPARE[lookup](one, value) for one in held)


def _make(someone: Someone, name: str, topics: dict[str, Topic]) -> Any:
    person = make_recipient(None, name=name, stage=someone.stage)
    for crm in someone.contacts:
        link_contact(person, country=crm.country, city=crm.city, customer_since=crm.since)
    subscribe(person, *(topics[slug] for slug in someone.topics))
    # Who asks for something is no stranger any more; here they are what the example says.
    Recipient.objects.filter(pk=person.pk).update(stage=someone.stage)
    return person


def _with_key(part: dict[str, Any], group: ContactGroup) -> dict[str, Any]:
    if "conditions" in part:
        return {**part, "conditions": [_with_key(each, group) for each in part["conditions"]]}
    return {**part, "value": str(group.pk)} if part["fact"] == "group" else part


@pytest.mark.django_db
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, rule=RULES)
def test_b3_a_rule_finds_whom_a_plain_reading_of_it_finds(
    people: list[Someone], rule: dict[str, Any]
) -> None:
    expected = {str(number) for number, someone in enumerate(people) if _fits(rule, someone)}
    with time_machine.travel("2026-05-31T12:00:00Z", tick=False), transaction.atomic():
        topics = {slug: make_topic(slug=slug) for slug in TOPICS}
        made = [_make(someone, str(number), topics) for number, someone in enumerate(people)]
        group = make_group(
            *(row for row, someone in zip(made, people, strict=True) if someone.is_picked)
        )
        stored = _with_key(rule, group)
        by_rule = make_rule_group(*stored["conditions"], match=stored["match"])

        found = [person.name for person in members_of(by_rule)]
        assert sorted(found) == sorted(expected)
        assert count_members([by_rule]) == {by_rule.pk: Counted(len(expected))}
        explained = {person.name: explain(by_rule, person) for person in made}
        assert {
            name for name, why in explained.items() if why.block and why.block.holds
        } == expected
        assert all(why.is_member == (name in expected) for name, why in explained.items())
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=RULES, language=st.sampled_from(["en", "it", "es", "ru"]))
def test_a_rule_is_the_same_once_read_and_written_and_is_always_a_sentence(
    rule: dict[str, Any], language: str
) -> None:
    with transaction.atomic():
        for slug in TOPICS:
            make_topic(slug=slug)
        stored = {"version": 2, **_with_key(rule, make_group())}

        known = known_facts()

        read = validate(stored, known=known)

        assert to_json(read) == stored
        assert validate(to_json(read), known=known) == read
        with translation.override(language):
            said = sentence(read)
        assert said.endswith(".")
        assert said.count("(") == said.count(")")
        transaction.set_rollback(True)
