"""Writes rows in Django's fixture format, one object a line, so that a change shows as lines."""

import json
from datetime import date, datetime
from decimal import Decimal

from project.crm.invent.rows import Customers, Row, set_fields


def as_fixture(customers: Customers) -> str:
    lines = [
        *(_line("crm.company", row) for row in customers.companies),
        *(_line("crm.contact", row) for row in customers.contacts),
        *(_line("crm.order", row) for row in customers.orders),
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _line(model: str, row: Row) -> str:
    named = {"model": model, "pk": row.pk, "fields": set_fields(row)}
    return json.dumps(named, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Row):
        return value.pk
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"A fixture cannot hold {value!r}")
