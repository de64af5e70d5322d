from django.utils import timezone

from tests.hosts.address_table.models import Client, ClientAddress
from tests.hosts.crm import Crm


class Deeds(Crm):
    source_key = "address_table.client"
    city_facts = ("client.city",)
    ssl = True

    def enter(self, address: str, name: str) -> int:
        client = Client.objects.create(name=name)
        ClientAddress.objects.create(client=client, value=address)
        return client.pk

    def mark(self, key: int) -> None:
        Client.objects.filter(pk=key).update(unsubscribed_on=timezone.localdate())

    def move(self, key: int, address: str) -> None:
        client = Client.objects.get(pk=key)
        client.addresses.all().delete()
        client.addresses.create(value=address)

    def merge(self, gone: int, into: int) -> None:
        ClientAddress.objects.filter(client=gone).update(client=into)
        Client.objects.get(pk=gone).delete()

    def delete(self, key: int) -> None:
        Client.objects.get(pk=key).delete()
