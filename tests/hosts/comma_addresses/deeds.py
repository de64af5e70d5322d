from typing import Any

from django.contrib.auth import get_user_model

from tests.hosts.comma_addresses.models import Customer
from tests.hosts.crm import Crm


class Deeds(Crm):
    source_key = "campaigns.customer"
    city_facts = ("customer.city",)
    admin_site = "tests.hosts.comma_addresses.office.office"

    def enter(self, address: str, name: str) -> int:
        """As people type it, and with another address of theirs behind it."""
        emails = f"{address.upper()} , second-{address};"
        return Customer.objects.create(name=name, emails=emails).pk

    def mark(self, key: int) -> None:
        Customer.objects.filter(pk=key).update(blocked=True)

    def move(self, key: int, address: str) -> None:
        Customer.objects.filter(pk=key).update(emails=address)

    def merge(self, gone: int, into: int) -> None:
        """In bulk, without one signal; the row that is kept keeps its own address in front."""
        lost, kept = Customer.objects.get(pk=gone), Customer.objects.get(pk=into)
        Customer.objects.filter(pk=into).update(emails=f"{kept.emails},{lost.emails}")
        Customer.objects.filter(pk=gone)._raw_delete("default")

    def delete(self, key: int) -> None:
        Customer.objects.filter(pk=key).delete()

    def staff(self, name: str) -> Any:
        """Nobody here has `is_staff`: their own site does not ask for it."""
        users: Any = get_user_model()._default_manager
        return users.create(username=name, is_superuser=True)
