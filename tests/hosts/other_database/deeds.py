from django.core.management import call_command
from django.db import transaction

from tests.hosts.crm import Crm
from tests.hosts.other_database.models import Buyer


class Deeds(Crm):
    source_key = "other_database.buyer"
    city_facts = ("buyer.city",)

    def __init__(self) -> None:
        call_command("migrate", database="crm", run_syncdb=True, verbosity=0)

    def enter(self, address: str, name: str) -> str:
        code = f"A/{Buyer.objects.count()} %s “ü”"
        return Buyer.objects.create(code=f"{code} {address}", name=name, email=address).pk

    def mark(self, key: str) -> None:
        Buyer.objects.filter(pk=key).update(do_not_contact=True)

    def move(self, key: str, address: str) -> None:
        Buyer.objects.filter(pk=key).update(email=address)

    def merge(self, gone: str, into: str) -> None:
        with transaction.atomic(using="crm"):
            lost, kept = Buyer.objects.get(pk=gone), Buyer.objects.get(pk=into)
            lost.delete()
            kept.email = lost.email
            kept.save()

    def delete(self, key: str) -> None:
        Buyer.objects.get(pk=key).delete()
