"""Rows of the fixture: the fields of the models, before they are written down."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal


@dataclass(kw_only=True, eq=False)
class Row:
    """pk stays 0 until all rows are known and numbered."""

    pk: int = 0


@dataclass(kw_only=True, eq=False)
class CompanyRow(Row):
    name: str
    kind: str
    country: str
    vat_number: str = ""
    website: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    created_at: datetime


@dataclass(kw_only=True, eq=False)
class ContactRow(Row):
    first_name: str
    last_name: str
    company: CompanyRow | None = None
    email: str = ""
    phone: str = ""
    mobile: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str
    language: str
    time_zone: str = ""
    birthday: date | None = None
    do_not_contact: bool = False
    customer_since: date | None = None
    notes: str = ""
    created_at: datetime
    updated_at: datetime


@dataclass(kw_only=True, eq=False)
class OrderRow(Row):
    number: str = ""
    contact: ContactRow
    ordered_on: date
    status: str
    total: Decimal


@dataclass
class Customers:
    companies: list[CompanyRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    orders: list[OrderRow] = field(default_factory=list)


def set_fields(row: Row) -> dict[str, object]:
    """The fields that hold something, in order; an empty one is left to the model's default."""
    held = {f.name: getattr(row, f.name) for f in fields(row) if f.name != "pk"}
    return {name: value for name, value in held.items() if value}
