from tests.hosts.crm import Crm
from tests.hosts.soft_deleted.models import Party, Person


class Deeds(Crm):
    source_key = "core.person"
    city_facts = ("person.city",)

    def enter(self, address: str, name: str) -> int:
        return Person.objects.create(name=name, email=address).pk

    def mark(self, key: int) -> None:
        Person.objects.filter(pk=key).update(no_marketing=True)

    def move(self, key: int, address: str) -> None:
        person = Person.objects.get(pk=key)
        person.email = address
        person.save()

    def merge(self, gone: int, into: int) -> None:
        kept, lost = Person.objects.get(pk=into), Person.objects.get(pk=gone)
        kept.email = lost.email
        kept.save()
        self.delete(gone)

    def delete(self, key: int) -> None:
        """By the parent's row, as a list of all parties does it."""
        party = Party.everything.get(pk=key)
        party.is_deleted = True
        party.save()
