from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from tests.hosts.bare_users.models import Guest
from tests.hosts.crm import Crm

_numbers = count(2**62)


class Deeds(Crm):
    source_key = "bare_users.regular"
    city_facts = ("regular.city",)
    admin_site = "outreach.admin.site"

    def enter(self, address: str, name: str) -> tuple[str, int]:
        answers = {"emails": [address], "name": name}
        guest = Guest.objects.create(
            place='Bar "Sport", Asti', number=next(_numbers), answers=answers
        )
        return guest.pk

    def mark(self, key: Any) -> None:
        Guest.objects.filter(pk=key).update(wants_mail=False)

    def move(self, key: Any, address: str) -> None:
        guest = Guest.objects.get(pk=key)
        guest.answers = {**guest.answers, "emails": [address]}
        guest.save()

    def merge(self, gone: Any, into: Any) -> None:
        lost, kept = Guest.objects.get(pk=gone), Guest.objects.get(pk=into)
        kept.answers = {**kept.answers, "emails": lost.answers["emails"]}
        kept.save()
        lost.delete()

    def delete(self, key: Any) -> None:
        Guest.objects.get(pk=key).delete()

    def staff(self, name: str) -> Any:
        users: Any = get_user_model()._default_manager
        return users.create(login=name)
