from collections.abc import Sequence
from itertools import groupby

from project.crm.invent.awkward import (
    Hat,
    make_addresses_awkward,
    make_names_awkward,
    make_some_silent,
)
from project.crm.invent.companies import invent_companies, seat_people
from project.crm.invent.dice import Dice
from project.crm.invent.emails import Addresses
from project.crm.invent.history import invent_history
from project.crm.invent.notes import jot_notes
from project.crm.invent.people import invent_contacts
from project.crm.invent.plan import Plan
from project.crm.invent.rows import Customers, OrderRow, Row


def invent_customers(plan: Plan) -> Customers:
    """The same companies, contacts and orders for the same plan.

    Each step has dice of its own: a change to one leaves the others' throws as they were.
    """

    def dice(step: str) -> Dice:
        return Dice(f"{plan.seed} {step}")

    customers = Customers(
        companies=invent_companies(dice("companies"), plan),
        contacts=invent_contacts(dice("contacts"), plan),
    )
    seat_people(dice("seats"), customers.companies, customers.contacts)
    hat = Hat(dice("hat"), customers.contacts)
    make_names_awkward(hat, plan.awkward)
    addresses = Addresses(dice("addresses"))
    for contact in customers.contacts:
        addresses.give(contact)
    invent_history(dice("history"), plan, customers)
    jot_notes(dice("notes"), customers.contacts)
    make_addresses_awkward(hat, plan.awkward)
    make_some_silent(dice("silence"), hat, plan.awkward)
    _put_in_order(customers)
    return customers


def _put_in_order(customers: Customers) -> None:
    """Number everything in the order it came about."""
    customers.companies.sort(key=lambda company: (company.created_at, company.name))
    customers.contacts.sort(key=lambda contact: (contact.created_at, contact.email))
    customers.orders.sort(key=lambda order: order.ordered_on)
    _number(customers.companies)
    _number(customers.contacts)
    _number(customers.orders)
    for year, orders in groupby(customers.orders, key=lambda order: order.ordered_on.year):
        _write_numbers(year, list(orders))


def _number(rows: Sequence[Row]) -> None:
    for pk, row in enumerate(rows, start=1):
        row.pk = pk


def _write_numbers(year: int, orders: list[OrderRow]) -> None:
    for place, order in enumerate(orders, start=1):
        order.number = f"{year}-{place:04d}"
