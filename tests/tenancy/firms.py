"""A tenancy for tests: "north" and "south", and whichever is under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from outreach.recipients.models import Channel, Recipient, RecipientAddress
from outreach.recipients.sources import ContactSource
from outreach.tenancy import Tenancy
from project.crm.contact_source import CrmContacts
from tests.builders import make_address

_now: ContextVar[str] = ContextVar("now", default="")


class Firms(Tenancy):
    names = ["north", "south"]

    def all(self) -> Iterator[str]:
        yield from self.names

    def current(self) -> str:
        return _now.get()

    @contextmanager
    def activate(self, tenant: str) -> Iterator[None]:
        token = _now.set(tenant)
        try:
            yield
        finally:
            _now.reset(token)

    def staff(self, users: Any) -> Any:
        return users.filter(last_name=self.current())


class HalfATenancy(Tenancy):
    def all(self) -> list[str]:
        return ["north"]


class ContactsByCity(CrmContacts):
    """As if each city was a firm of its own."""

    tenant = "city"


class ContactsByCompany(ContactSource):
    model = "crm.Contact"
    tenant = "company"


SETTINGS: dict[str, Any] = {**settings.OUTREACH, "TENANCY": f"{__name__}.Firms"}
BY_CITY: dict[str, Any] = {**SETTINGS, "CONTACT_SOURCES": [f"{__name__}.ContactsByCity"]}


def make_person(email: str, name: str = "Maria Rossi") -> Recipient:
    """In the tenant under way."""
    recipient = Recipient.objects.create(name=name)
    RecipientAddress.objects.create(
        recipient=recipient, address=make_address(email), channel=Channel.EMAIL
    )
    return recipient
