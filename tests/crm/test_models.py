from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from project.crm.invent.dice import Dice
from project.crm.invent.names_cyrillic import for_a_woman
from project.crm.invent.spelling import plain
from project.crm.models import Company, Contact, Order
from project.crm.money import euros


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact(first_name="Chiara", last_name="Dell'Acqua"), "Chiara Dell'Acqua"),
        (Contact(first_name="Сауле"), "Сауле"),
        (Contact(last_name="Cantù"), "Cantù"),
        (Contact(email="info@example.com"), "info@example.com"),
        (Contact(), "Somebody without a name"),
    ],
)
def test_a_contact_is_called_by_name_or_what_else_is_known(contact: Contact, shown: str) -> None:
    assert str(contact) == shown


def test_companies_and_orders_are_called_as_staff_call_them() -> None:
    assert str(Company(name="Enoteca Della Luna")) == "Enoteca Della Luna"
    assert str(Order(number="2026-0042")) == "Order 2026-0042"


@pytest.mark.parametrize("name", ["Europe/Asti", "CEST+1", "../etc/passwd", "europe/rome"])
def test_a_time_zone_must_exist(name: str) -> None:
    with pytest.raises(ValidationError, match="There is no time zone called"):
        Contact(first_name="Anna", time_zone=name).clean_fields()


def test_a_bad_address_can_be_held_until_somebody_corrects_it() -> None:
    Contact(first_name="Anna", email="anna@@example.com", country="IT").clean_fields()


@pytest.mark.parametrize(
    "save",
    [
        lambda anna: Contact.objects.create(first_name="Ada", language="xx"),
        lambda anna: Company.objects.create(name=""),
        lambda anna: order_of(anna, number="2026-0002", total="-0.01"),
        lambda anna: order_of(anna, number="2026-0001", total="10.00"),
    ],
    ids=["unknown language", "nameless company", "negative total", "number twice"],
)
@pytest.mark.django_db
def test_the_database_refuses(save: Callable[[Contact], object]) -> None:
    anna = Contact.objects.create(first_name="Anna")
    order_of(anna, number="2026-0001", total="0.00")
    with pytest.raises(IntegrityError):
        save(anna)


@pytest.mark.django_db
def test_a_contact_outlives_the_company() -> None:
    company = Company.objects.create(name="Osteria Tre Castagni")
    anna = Contact.objects.create(first_name="Anna", company=company)
    company.delete()
    anna.refresh_from_db()
    assert anna.company is None


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "€1,234.50"), ("it", "€1.234,50"), ("ru", "€1\xa0234,50")]
)
def test_money_is_written_as_the_reader_writes_it(language: str, shown: str) -> None:
    with translation.override(language):
        assert euros(Decimal("1234.5")) == shown


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("Иванов", "Иванова"),
        ("Соловьёв", "Соловьёва"),
        ("Вишневский", "Вишневская"),
        ("Римский-Корсаков", "Римская-Корсакова"),
        ("Черных", "Черных"),
        ("Беридзе", "Беридзе"),
        ("D'Angelo", "D'Angelo"),
    ],
)
def test_a_woman_bears_a_surname_in_its_own_form(man: str, woman: str) -> None:
    assert for_a_woman(man) == woman


@settings(max_examples=40)
@given(st.text())
def test_local_parts_are_plain_ascii_whatever_the_name(name: str) -> None:
    local = plain(name, between=".")
    assert local.isascii()
    assert local == local.lower()
    assert ".." not in local
    assert local.strip(".") == local


@settings(max_examples=40)
@given(seed=st.text(), low=st.integers(-50, 50), width=st.integers(0, 100))
def test_dice_stay_within_bounds_and_fall_the_same_way_again(
    seed: str, low: int, width: int
) -> None:
    throws = [Dice(seed).between(low, low + width) for _ in range(2)]
    assert throws[0] == throws[1]
    assert low <= throws[0] <= low + width


def order_of(contact: Contact, *, number: str, total: str) -> Order:
    return Order.objects.create(
        contact=contact, number=number, total=Decimal(total), ordered_on=date(2026, 5, 3)
    )
