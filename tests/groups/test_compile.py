from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from outreach.groups.compile import people_by
from outreach.groups.members import members_of
from outreach.groups.rule import validate
from outreach.history.actor import SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source
from outreach.recipients.models import Channel, Recipient, Stage
from project.crm.models import Company, Order
from tests.builders import make_group, make_recipient, make_topic, subscribe
from tests.groups.people import (
    asks,
    in_italy,
    link_contact,
    make_person,
    make_rule_group,
    rule_that,
)

pytestmark = pytest.mark.django_db


def _found(*conditions: Any, match: str = "all") -> set[str]:
    rule = validate(rule_that(*conditions, match=match))
    return {person.name for person in people_by(rule)}


def test_b3_a_rule_finds_people_by_the_crm_and_by_what_they_asked_for() -> None:
    topic = make_topic(slug="tastings")
    both = make_person("Both", country="IT")
    abroad = make_person("Abroad", country="ES")
    make_person("Not interested", country="IT")
    subscribe(both, topic, channel=Channel.POST)
    subscribe(abroad, topic)
    group = make_rule_group(in_italy(), asks("interest", "includes", "tastings"))

    assert list(members_of(group)) == [both]


def test_who_withdrew_is_no_longer_interested() -> None:
    topic = make_topic(slug="tastings")
    person = make_recipient(name="Maria")
    subscribe(person, topic)
    withdraw(person, [topic], channel=Channel.EMAIL, source=Source.STAFF, by=SYSTEM)

    assert _found(asks("interest", "includes", "tastings")) == set()
    assert _found(asks("interest", "excludes", "tastings")) == {"Maria"}


def test_the_query_is_not_run_until_it_is_needed(django_assert_num_queries: Any) -> None:
    make_person(country="IT")
    rule = validate(rule_that(in_italy()))

    with django_assert_num_queries(0):
        people = people_by(rule)
    with django_assert_num_queries(1):
        assert people.count() == 1


def test_who_has_two_contacts_is_found_once_by_either() -> None:
    person = make_person("Maria", country="IT")
    link_contact(person, country="IT")
    link_contact(person, country="ES")

    assert people_by(validate(rule_that(in_italy()))).count() == 1
    assert _found(asks("contact.country", "equals", "ES")) == {"Maria"}


def test_a_contact_that_the_crm_no_longer_has_does_not_count() -> None:
    make_person("Maria", country="IT").links.update(gone_at=timezone.now())

    assert _found(in_italy()) == set()
    assert _found(asks("contact.country", "differs", "IT")) == {"Maria"}


def test_an_opposite_also_finds_those_of_whom_nothing_is_known() -> None:
    make_person("In Italy", country="IT")
    make_person("In Spain", country="ES")
    make_person("Somewhere")
    make_recipient(name="Not in the CRM")

    assert _found(asks("contact.country", "differs", "IT")) == {
        "In Spain",
        "Somewhere",
        "Not in the CRM",
    }
    assert _found(asks("contact.country", "empty")) == {"Somewhere", "Not in the CRM"}
    assert _found(asks("contact.country", "filled")) == {"In Italy", "In Spain"}


def test_erased_people_and_other_tenants_are_never_found() -> None:
    make_person("Erased", country="IT")
    Recipient.objects.update(erased_at=timezone.now())
    other = make_person("Other tenant", country="IT")
    Recipient.objects.filter(pk=other.pk).update(tenant="other")

    assert _found(in_italy()) == set()
    assert _found(asks("contact.country", "differs", "ES")) == set()


@pytest.mark.parametrize(
    ("lookup", "value", "found"),
    [
        ("equals", "asti", {"Asti"}),
        ("differs", "asti", {"Castiglione", "Nowhere"}),
        ("contains", "ASTI", {"Asti", "Castiglione"}),
        ("starts", "Cast", {"Castiglione"}),
        ("contains", "%", set()),
        ("contains", "'; DELETE FROM outreach_recipient; --", set()),
    ],
)
def test_words(lookup: str, value: str, found: set[str]) -> None:
    make_person("Asti", city="Asti")
    make_person("Castiglione", city="Castiglione d'Asti")
    make_person("Nowhere")

    assert _found(asks("contact.city", lookup, value)) == found
    assert Recipient.objects.count() == 3


def test_a_field_across_a_relation() -> None:
    shop = Company.objects.create(name="Enoteca", kind=Company.Kind.WINE_SHOP)
    make_person("Maria", company=shop)
    make_person("Anna")

    assert _found(asks("contact.company_kind", "equals", "wine_shop")) == {"Maria"}
    assert _found(asks("contact.company_kind", "empty")) == {"Anna"}


@pytest.mark.parametrize(
    ("lookup", "value", "found"),
    [
        ("equals", "2026-05-31", {"today"}),
        ("before", "2026-05-31", {"90 days", "91 days"}),
        ("after", "2026-03-02", {"today", "tomorrow"}),
        ("in_last", 90, {"today", "90 days"}),
        ("not_in_last", 90, {"91 days", "tomorrow", "never"}),
        ("longer_ago", 90, {"91 days"}),
        ("empty", None, {"never"}),
    ],
)
def test_dates(lookup: str, value: Any, found: set[str]) -> None:
    make_person("91 days", customer_since=date(2026, 3, 1))
    make_person("90 days", customer_since=date(2026, 3, 2))
    make_person("today", customer_since=date(2026, 5, 31))
    make_person("tomorrow", customer_since=date(2026, 6, 1))
    make_person("never")

    # Past midnight in Rome, where "today" is, though not yet in Greenwich.
    with time_machine.travel(datetime(2026, 5, 30, 22, 30, tzinfo=UTC), tick=False):
        assert _found(asks("contact.customer_since", lookup, value)) == found


def test_one_order_of_several_is_enough() -> None:
    person = make_person("Maria")
    contact = person.links.get().contact_key
    for number, day in enumerate((date(2020, 1, 1), date(2021, 1, 1), date(2021, 6, 1))):
        Order.objects.create(contact_id=contact, number=number, ordered_on=day, total=10)

    assert people_by(validate(rule_that(asks("contact.last_order", "filled")))).count() == 1
    assert _found(asks("contact.last_order", "equals", "2021-01-01")) == {"Maria"}
    assert _found(asks("contact.last_order", "before", "2020-01-01")) == set()


def test_language_country_stage_and_hand_picked_groups() -> None:
    german = make_recipient(name="German", language="de-AT", country="AT", stage=Stage.LAPSED)
    make_recipient(name="Deneb", language="den", country="", stage=Stage.STRANGER)
    group = make_group(german, name="Press")

    assert _found(asks("person.language", "equals", "de")) == {"German"}
    assert _found(asks("person.country", "equals", "AT")) == {"German"}
    assert _found(asks("person.country", "empty")) == {"Deneb"}
    assert _found(asks("person.stage", "differs", "lapsed")) == {"Deneb"}
    assert _found(asks("group", "includes", str(group.pk))) == {"German"}
    assert _found(asks("group", "excludes", str(group.pk))) == {"Deneb"}


def test_any_of_several() -> None:
    make_person("Italy", country="IT")
    make_person("Spain", country="ES")
    make_person("France", country="FR")

    either = [in_italy(), asks("contact.country", "equals", "ES")]
    assert _found(*either, match="any") == {"Italy", "Spain"}
    assert _found(*either, match="all") == set()
