"""The customers in fixtures/crm.json: the same every time, and such as a shop could have."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from project.crm.management.commands import make_crm_fixture as generator
from project.crm.models import Company, Contact, Order
from tests.crm.conftest import Records

MEGABYTE = 1_000_000


def test_the_generator_makes_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("first.json", "second.json"):
        call_command("make_crm_fixture", output=tmp_path / name, verbosity=0)
    first = (tmp_path / "first.json").read_bytes()
    assert first == (tmp_path / "second.json").read_bytes()
    assert first == generator.FIXTURE.read_bytes()


def test_the_file_is_small_and_holds_one_record_a_line() -> None:
    text = generator.FIXTURE.read_text(encoding="utf-8")
    opening, *lines, closing = text.splitlines()
    assert (opening, closing) == ("[", "]")
    assert all(json.loads(line.removesuffix(","))["pk"] for line in lines)
    assert len(text.encode()) < 2.5 * MEGABYTE


def test_there_are_as_many_as_planned(records: Records) -> None:
    planned = {
        (language, country): count
        for language, countries in generator.CONTACTS.items()
        for country, count in countries.items()
    }
    contacts = records.contacts.values()
    assert Counter((c["language"], c["country"]) for c in contacts) == planned
    assert Counter(c["country"] for c in records.companies.values()) == generator.COMPANIES
    assert len(records.contacts) == 2_000
    assert 2_700 <= len(records.orders) <= 3_300


@pytest.mark.django_db
def test_it_loads_and_every_field_is_valid() -> None:
    call_command("loaddata", str(generator.FIXTURE), verbosity=0)
    for company in Company.objects.all():
        company.clean_fields()
    for contact in Contact.objects.all():
        contact.clean_fields(exclude=["company", "owner"])
    for order in Order.objects.all():
        order.clean_fields(exclude=["contact"])
    assert not Contact.objects.filter(owner__isnull=False).exists()


def test_orders_fall_in_their_window_with_some_loyal_some_lapsed_and_many_never(
    records: Records,
) -> None:
    days: dict[int, list[date]] = {}
    for order in records.orders.values():
        days.setdefault(order["contact"], []).append(date.fromisoformat(order["ordered_on"]))
    all_days = [day for of_one in days.values() for day in of_one]
    assert min(all_days) >= generator.ORDERS_FROM
    assert max(all_days) < generator.UNTIL
    a_year_ago = generator.UNTIL.replace(year=generator.UNTIL.year - 1)
    assert sum(len(of_one) >= 6 for of_one in days.values()) > 50
    assert sum(max(of_one) < a_year_ago for of_one in days.values()) > 200
    assert len(records.contacts) - len(days) > 600


def test_nobody_was_a_customer_after_the_first_order(records: Records) -> None:
    for order in records.orders.values():
        assert records.contacts[order["contact"]]["customer_since"] <= order["ordered_on"]


def test_every_company_has_somebody_to_talk_to(records: Records) -> None:
    known = {contact.get("company") for contact in records.contacts.values()}
    assert known >= set(records.companies)


def test_numbers_that_a_country_reserves_for_fiction_are_used(records: Records) -> None:
    reserved = {
        "GB": r"(\+44 |0)(7700 900\d{3}|1632 960\d{3})",
        "US": r".*555-01\d\d",
        "IE": r"(\+353 |0)20 91\d \d{4}",
    }
    for contact in records.contacts.values():
        for number in (contact.get("phone"), contact.get("mobile")):
            if number and contact["country"] in reserved:
                assert re.fullmatch(reserved[contact["country"]], number), number


def test_gaps_are_where_they_are_in_every_crm(records: Records) -> None:
    for field in ("birthday", "phone", "mobile", "street", "city", "time_zone", "company"):
        without = sum(field not in contact for contact in records.contacts.values())
        assert 50 < without < 1_900, field
