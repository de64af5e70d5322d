"""The CRM's pages: they open, say things in words, and ask the database little."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from project.crm.invent.awkward import VERY_LONG_NAME
from project.crm.models import Company, Contact, Order

# The session and the user, two counts, the rows, and a query for each filter that lists rows.
A_LIST = 10
A_PERSON = 10


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"admin:crm_{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("model", ["contact", "company", "order"])
@pytest.mark.usefixtures("all_customers")
def test_a_list_of_all_customers_takes_a_handful_of_queries(
    model: str, admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    User.objects.create_user("maria", is_staff=True)
    Contact.objects.update(owner=User.objects.get(username="maria"))
    with django_assert_max_num_queries(A_LIST):
        page(admin_client, f"{model}_changelist")


@pytest.mark.usefixtures("all_customers")
def test_the_busiest_people_and_companies_open_with_a_handful_of_queries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    busiest = Contact.objects.alias(orders_placed=Count("orders")).latest("orders_placed")
    with django_assert_max_num_queries(A_PERSON):
        page(admin_client, "contact_change", busiest.pk)
    company = Company.objects.alias(people=Count("contacts")).latest("people")
    with django_assert_max_num_queries(A_PERSON):
        page(admin_client, "company_change", company.pk)


@pytest.mark.parametrize("model", ["contact", "company", "order"])
def test_forms_for_something_new_open(model: str, admin_client: Client) -> None:
    page(admin_client, f"{model}_add")


def test_a_name_is_shown_whole(admin_client: Client) -> None:
    first_name, last_name = VERY_LONG_NAME
    Contact.objects.create(first_name=first_name, last_name=last_name)
    assert f"{first_name} {last_name}" in page(admin_client, "contact_changelist")


def test_people_without_a_last_name_stand_among_the_others(admin_client: Client) -> None:
    for first_name, last_name in [("Zoë", "Adams"), ("Lucia", ""), ("Ann", "Young")]:
        Contact.objects.create(first_name=first_name, last_name=last_name)
    shown = page(admin_client, "contact_changelist")
    assert shown.index("Zoë Adams") < shown.index("Lucia") < shown.index("Ann Young")


def test_the_list_is_searched_by_name_address_phone_and_company(admin_client: Client) -> None:
    company = Company.objects.create(name="Osteria La Quercia")
    Contact.objects.create(
        first_name="Gaia",
        last_name="D'Angelo",
        email="gaia@example.com",
        mobile="+39 399 000 1234",
        company=company,
    )
    Contact.objects.create(first_name="Róisín", last_name="Kelly")
    for words in ("gaia d'angelo", "GAIA@example", "000 1234", "quercia"):
        shown = page(admin_client, "contact_changelist", q=words)
        assert "Gaia D&#x27;Angelo" in shown
        assert "Róisín" not in shown


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"country": "IT"}, {"Recent", "Lapsed"}),
        ({"orders": "recent"}, {"Recent"}),
        ({"orders": "lapsed"}, {"Lapsed"}),
        ({"orders": "never"}, {"Never"}),
        ({"do_not_contact__exact": "1"}, {"Lapsed"}),
        ({"email__isempty": "1"}, {"Recent"}),
        ({"language__exact": "en"}, {"Never"}),
    ],
)
def test_the_list_is_narrowed(
    query: Mapping[str, str], names: set[str], admin_client: Client
) -> None:
    recent = person("Recent", country="IT")
    lapsed = person("Lapsed", country="IT", email="lapsed@example.com", do_not_contact=True)
    person("Never", country="GB", language="en", email="never@example.com")
    order_of(recent, "1", ordered_on=timezone.localdate())
    order_of(lapsed, "2", ordered_on=date(2020, 5, 3))
    shown = page(admin_client, "contact_changelist", **query)
    assert {name for name in ("Recent", "Lapsed", "Never") if f">{name}</a>" in shown} == names


def test_countries_are_offered_by_name_and_only_where_somebody_lives(admin_client: Client) -> None:
    person("Anna", country="KZ")
    shown = page(admin_client, "contact_changelist")
    assert "?country=KZ" in shown
    assert "Kazakhstan" in shown
    assert "?country=GB" not in shown


def test_what_somebody_bought_is_told_as_money_without_what_was_cancelled(
    admin_client: Client,
) -> None:
    anna = person("Anna")
    assert "Nothing yet" in page(admin_client, "contact_change", anna.pk)
    order_of(anna, "1", total="1200.00")
    assert "1 order for €1,200.00" in page(admin_client, "contact_change", anna.pk)
    order_of(anna, "2", total="34.50")
    order_of(anna, "3", total="999.00", status=Order.Status.CANCELLED)
    assert "2 orders for €1,234.50" in page(admin_client, "contact_change", anna.pk)


def test_totals_in_the_list_of_orders_are_money(admin_client: Client) -> None:
    order_of(person("Anna"), "1", total="4560.75")
    assert "€4,560.75" in page(admin_client, "order_changelist")


def test_a_bad_address_can_be_saved_in_the_form_and_a_bad_time_zone_not(
    admin_client: Client,
) -> None:
    form = {
        "first_name": "Anna",
        "email": "anna@@example.com",
        "language": "it",
        "orders-TOTAL_FORMS": "0",
        "orders-INITIAL_FORMS": "0",
    }
    url = reverse("admin:crm_contact_add")
    refused = admin_client.post(url, form | {"time_zone": "Europe/Asti"})
    assert "There is no time zone called" in refused.content.decode()
    assert not Contact.objects.exists()
    assert admin_client.post(url, form | {"time_zone": "Europe/Rome"}).status_code == 302
    assert Contact.objects.get().email == "anna@@example.com"


def test_the_owner_is_a_colleague(admin_client: Client) -> None:
    User.objects.create_user("maria", is_staff=True)
    User.objects.create_user("customer")
    shown = page(admin_client, "contact_add")
    assert ">maria</option>" in shown
    assert ">customer</option>" not in shown


def person(first_name: str, **fields: Any) -> Contact:
    return Contact.objects.create(first_name=first_name, **fields)


def order_of(
    contact: Contact,
    number: str,
    *,
    ordered_on: date = date(2026, 5, 3),
    total: str = "60.00",
    status: str = Order.Status.DELIVERED,
) -> Order:
    return Order.objects.create(
        contact=contact, number=number, ordered_on=ordered_on, total=Decimal(total), status=status
    )
