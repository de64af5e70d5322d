"""What a host may open to rules: every kind of field, and its mistakes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from outreach.groups.broken_rule import BrokenRule
from outreach.groups.compile import people_by
from outreach.groups.registry import known_facts
from outreach.groups.rule import validate
from outreach.recipients.sources import ContactSource, SegmentField
from project.crm.models import Company, Contact, Order
from tests.groups.people import asks, make_person, rule_that

pytestmark = pytest.mark.django_db


class Kinds(ContactSource):
    model = "crm.Contact"
    segment_fields = {
        "spent": SegmentField("orders__total", "order for", "number"),
        "company_id": SegmentField("company_id", "company number", "number"),
        "blocked": SegmentField("do_not_contact", "asked not to be contacted", "boolean"),
        "added": SegmentField("created_at", "added to the CRM", "date"),
        "gone": SegmentField("shoe__size", "shoe size", "text"),
    }


class Again(Kinds):
    """Another source whose model has the same name, as in another app of a host."""

    key = "sales.contact"


class Unknown(ContactSource):
    model = "crm.Contact"
    segment_fields = {"city": SegmentField("city", "city", "colour")}


@pytest.fixture
def _kinds() -> Iterator[None]:
    with _sources("Kinds"):
        yield


def _sources(*names: str) -> Any:
    paths = [f"{__name__}.{name}" for name in names]
    return override_settings(OUTREACH={**django_settings.OUTREACH, "CONTACT_SOURCES": paths})


def _found(*conditions: Any) -> set[str]:
    return {person.name for person in people_by(validate(rule_that(*conditions)))}


def _order(person: Any, total: str) -> None:
    key = person.links.get().contact_key
    Order.objects.create(
        contact_id=key, number=f"{key}-{total}", ordered_on=date(2026, 1, 1), total=total
    )


@pytest.mark.usefixtures("_kinds")
@pytest.mark.parametrize(
    ("lookup", "value", "found"),
    [
        ("at_least", 10.1, {"Ten", "Both"}),
        ("at_most", 10.1, {"Ten", "Both"}),
        ("at_least", 10.11, {"Both"}),
        ("equals", 10.1, {"Ten", "Both"}),
        ("at_least", 10**11, set()),
        ("at_most", -(10**11), set()),
        ("filled", None, {"Ten", "Both"}),
        ("empty", None, {"None"}),
    ],
)
def test_numbers_over_many_rows(lookup: str, value: Any, found: set[str]) -> None:
    ten, both = make_person("Ten"), make_person("Both")
    make_person("None")
    _order(ten, "10.10")
    _order(both, "10.10")
    _order(both, "99999999.99")

    assert _found(asks("contact.spent", lookup, value)) == found


@pytest.mark.usefixtures("_kinds")
def test_a_fraction_asked_of_a_whole_number_is_not_rounded() -> None:
    company = Company.objects.create(name="Enoteca")
    make_person("Maria", company=company)

    assert _found(asks("contact.company_id", "at_least", company.pk)) == {"Maria"}
    assert _found(asks("contact.company_id", "at_least", company.pk + 0.5)) == set()
    assert _found(asks("contact.company_id", "equals", company.pk + 0.5)) == set()


@pytest.mark.usefixtures("_kinds")
def test_yes_and_no() -> None:
    make_person("Blocked", do_not_contact=True)
    make_person("Open")

    assert _found(asks("contact.blocked", "yes")) == {"Blocked"}
    assert _found(asks("contact.blocked", "no")) == {"Open"}


@pytest.mark.usefixtures("_kinds")
def test_a_day_of_an_instant_is_a_day_where_the_business_is() -> None:
    rome = ZoneInfo("Europe/Rome")
    for name, at in (
        ("Just before", datetime(2026, 5, 30, 23, 59, tzinfo=rome)),
        ("First minute", datetime(2026, 5, 31, 0, 0, tzinfo=rome)),
        ("Last minute", datetime(2026, 5, 31, 23, 59, 59, tzinfo=rome)),
    ):
        key = make_person(name).links.get().contact_key
        Contact.objects.filter(pk=key).update(created_at=at)

    assert _found(asks("contact.added", "equals", "2026-05-31")) == {"First minute", "Last minute"}
    assert _found(asks("contact.added", "before", "2026-05-31")) == {"Just before"}
    assert _found(asks("contact.added", "after", "2026-05-30")) == {"First minute", "Last minute"}


@pytest.mark.usefixtures("_kinds")
def test_a_field_that_the_crm_does_not_have_breaks_the_rule() -> None:
    with pytest.raises(BrokenRule, match="no field behind “shoe size”"):
        _found(asks("contact.gone", "equals", "42"))


def test_two_sources_of_one_model_name_are_told_apart() -> None:
    with _sources("Kinds", "Again"):
        names = set(known_facts())

    assert {"contact.spent", "sales.contact.spent"} <= names


def test_an_unknown_kind_is_the_hosts_mistake() -> None:
    with _sources("Unknown"), pytest.raises(ImproperlyConfigured, match="'colour'"):
        known_facts()
