from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from django.db.models import Q

from outreach.groups import registry
from outreach.groups.facts import LOOKUPS, Choice, Fact, Kind, Lookup, Text, Value
from outreach.groups.members import members_of
from outreach.groups.rule import validate
from outreach.groups.sentence import sentence
from tests.builders import make_recipient
from tests.groups.people import asks, make_rule_group

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class CompanyFact:
    """As a room to the right would offer one."""

    name: str = "test.company"
    label: Text = "company"
    section: Text = "Test"
    kind: Kind = Kind.TEXT
    lookups: tuple[Lookup, ...] = LOOKUPS[Kind.TEXT]
    choices: tuple[Choice, ...] = ()
    phrases: Mapping[str, Text] = field(default_factory=lambda: {"equals": "who work at %(value)s"})

    def condition(self, lookup: str, value: Value) -> Q:
        return Q(company=value)


def _company_facts(tenant: str) -> Iterator[Fact]:
    yield CompanyFact()


def test_a_room_may_offer_a_fact_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_providers", [*registry._providers])
    registry.register(_company_facts)
    registry.register(_company_facts)
    make_recipient(name="Maria", company="Enoteca")
    make_recipient(name="Ivan", company="Bar")

    is_there = make_rule_group(asks("test.company", "equals", "Enoteca"), name="There")
    is_not = make_rule_group(asks("test.company", "differs", "Enoteca"), name="Not there")

    assert sentence(validate(is_there.rule)) == "People who work at “Enoteca”."
    assert [person.name for person in members_of(is_there)] == ["Maria"]
    assert [person.name for person in members_of(is_not)] == ["Ivan"]
    assert list(registry.known_facts()).count("test.company") == 1
