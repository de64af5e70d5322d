from uuid import UUID

from django.db import transaction

from tests.hosts.crm import Crm
from tests.hosts.uuid_keys.models import Contact


class Deeds(Crm):
    source_key = "contacts.contact"
    city_facts = ("contact.city",)

    def enter(self, address: str, name: str) -> UUID:
        return Contact.objects.create(name=name, email=address).pk

    def mark(self, key: UUID) -> None:
        Contact.objects.filter(pk=key).update(do_not_contact=True)

    def move(self, key: UUID, address: str) -> None:
        contact = Contact.objects.get(pk=key)
        contact.email = address
        contact.save()

    def merge(self, gone: UUID, into: UUID) -> None:
        """The address of the row that goes is the newer one."""
        with transaction.atomic():
            lost, kept = Contact.objects.get(pk=gone), Contact.objects.get(pk=into)
            lost.delete()
            kept.email = lost.email
            kept.save()

    def delete(self, key: UUID) -> None:
        Contact.objects.get(pk=key).delete()
