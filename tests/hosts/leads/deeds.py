from django.db import transaction

from outreach.recipients.models import ContactLink, Recipient
from tests.hosts.crm import Crm
from tests.hosts.leads.models import Contact, Lead

Key = tuple[type[Lead | Contact], int]


class Deeds(Crm):
    source_key = "leads.lead"
    city_facts = ("lead.city", "contact.city")

    def enter(self, address: str, name: str) -> Key:
        return Lead, Lead.objects.create(full_name=name, email=address).pk

    def enter_other(self, address: str, name: str) -> Key:
        return Contact, Contact.objects.create(name=name, email=address).pk

    def mark(self, key: Key) -> None:
        Lead.objects.filter(pk=key[1]).update(do_not_email=True)

    def move(self, key: Key, address: str) -> None:
        model, pk = key
        model._default_manager.filter(pk=pk).update(email=address)

    def merge(self, gone: Key, into: Key) -> None:
        """A lead becomes a contact: the one that there is already gets the lead's address."""
        with transaction.atomic():
            lead, contact = Lead.objects.get(pk=gone[1]), Contact.objects.get(pk=into[1])
            contact.email = lead.email
            contact.save()
            lead.delete()

    def delete(self, key: Key) -> None:
        Lead.objects.get(pk=key[1]).delete()

    def person(self, key: Key) -> Recipient:
        model, pk = key
        link = ContactLink.objects.get(source=model._meta.label_lower, contact_key=str(pk))
        return link.recipient
