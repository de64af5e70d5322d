from django.db import transaction

from outreach.api import contacts_merged
from tests.hosts.crm import Crm
from tests.hosts.no_admin.models import Contact, scope


class Deeds(Crm):
    source_key = "no_admin.contact"
    city_facts = ("contact.city",)
    admin_site = ""

    def enter(self, address: str, name: str) -> int:
        with scope():
            return Contact.objects.create(name=name, email=address).pk

    def mark(self, key: int) -> None:
        with scope():
            Contact.objects.filter(pk=key).update(do_not_contact=True)

    def move(self, key: int, address: str) -> None:
        with scope():
            contact = Contact.objects.get(pk=key)
            contact.email = address
            contact.save()

    def merge(self, gone: int, into: int) -> None:
        """Neither address nor mark moves to the row that is kept, so outreach has to be told."""
        with scope(), transaction.atomic():
            Contact.objects.get(pk=gone).delete()
            contacts_merged("no_admin.contact", gone=gone, into=into)

    def delete(self, key: int) -> None:
        with scope():
            Contact.objects.get(pk=key).delete()
