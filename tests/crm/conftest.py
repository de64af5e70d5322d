import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.test import Client

from project.crm.management.commands.make_crm_fixture import FIXTURE
from project.crm.models import Company, Contact, Order

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """The fields of each record of the checked-in fixture, by primary key."""

    companies: dict[int, Fields]
    contacts: dict[int, Fields]
    orders: dict[int, Fields]


@pytest.fixture(scope="session")
def records() -> Records:
    read = json.loads(FIXTURE.read_text(encoding="utf-8"))

    def of(model: str) -> dict[int, Fields]:
        return {record["pk"]: record["fields"] for record in read if record["model"] == model}

    return Records(of("crm.company"), of("crm.contact"), of("crm.order"))


@pytest.fixture(scope="session")
def saved_rows() -> dict[type, list[Any]]:
    rows: dict[type, list[Any]] = {Company: [], Contact: [], Order: []}
    for found in serializers.deserialize("json", FIXTURE.read_text(encoding="utf-8")):
        rows[type(found.object)].append(found.object)
    return rows


@pytest.fixture
def all_customers(db: None, saved_rows: dict[type, list[Any]]) -> None:
    """The whole fixture in the database, by a shorter way than loaddata."""
    Company.objects.bulk_create(saved_rows[Company])
    Contact.objects.bulk_create(saved_rows[Contact])
    Order.objects.bulk_create(saved_rows[Order])


@pytest.fixture
def admin_client(db: None) -> Client:
    """As pytest-django's, without the second that hashing a password takes."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client
