from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction

from outreach.tenancy import current_tenant, tenancy
from tests.hosts.crm import Crm
from tests.hosts.two_tenants.models import Customer, Employee, Firm
from tests.hosts.two_tenants.neighbours import Neighbours
from tests.hosts.verdict import Verdict


class Deeds(Crm):
    """The scenario is played in one firm, while the other has customers at the same addresses."""

    source_key = "two_tenants.customer"
    city_facts = ("customer.city",)

    def before(self, verdict: Verdict) -> None:
        self.ours, theirs = (str(Firm.objects.create(name=name).pk) for name in ("Rossi", "Verdi"))
        self.neighbours = Neighbours(self, verdict, ours=self.ours, theirs=theirs)
        self.neighbours.move_in()

    def around(self) -> AbstractContextManager[None]:
        return tenancy().activate(self.ours)

    def after(self, verdict: Verdict) -> None:
        self.neighbours.look_around()

    def enter(self, address: str, name: str) -> int:
        firm = Firm.objects.get(pk=current_tenant())
        return Customer.objects.create(firm=firm, name=name, email=address).pk

    def mark(self, key: int) -> None:
        Customer.objects.filter(pk=key).update(is_blocked=True)

    def move(self, key: int, address: str) -> None:
        customer = Customer.objects.get(pk=key)
        customer.email = address
        customer.save()

    def merge(self, gone: int, into: int) -> None:
        with transaction.atomic():
            lost, kept = Customer.objects.get(pk=gone), Customer.objects.get(pk=into)
            kept.email = lost.email
            kept.save()
            lost.delete()

    def delete(self, key: int) -> None:
        Customer.objects.get(pk=key).delete()

    def staff(self, name: str) -> Any:
        user = super().staff(f"{name}-{current_tenant()}")
        Employee.objects.create(user=user, firm_id=current_tenant())
        return user
