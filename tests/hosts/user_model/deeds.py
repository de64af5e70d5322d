from typing import Any

from tests.hosts.crm import Crm
from tests.hosts.user_model.models import Member


class Deeds(Crm):
    source_key = "members.member"
    city_facts = ("member.city",)

    def enter(self, address: str, name: str) -> int:
        return Member.objects.create(email=address, called=name).pk

    def mark(self, key: int) -> None:
        Member.objects.filter(pk=key).update(wants_no_mail=True)

    def move(self, key: int, address: str) -> None:
        member = Member.objects.get(pk=key)
        member.email = address
        member.save()

    def merge(self, gone: int, into: int) -> None:
        """Step by step and without a transaction: the row that goes stays, idle, for its orders."""
        lost, kept = Member.objects.get(pk=gone), Member.objects.get(pk=into)
        address, lost.email, lost.is_active = lost.email, None, False
        lost.save()
        kept.email = address
        kept.save()

    def delete(self, key: int) -> None:
        Member.objects.get(pk=key).delete()

    def staff(self, name: str) -> Any:
        return Member.objects.create(
            email=f"{name}@cantina-rossi.example", called=name, is_staff=True, is_superuser=True
        )
