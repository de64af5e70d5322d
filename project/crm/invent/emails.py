"""E-mail addresses, all on domains that RFC 2606 reserves for examples."""

from project.crm.invent.dice import Dice
from project.crm.invent.rows import ContactRow
from project.crm.invent.spelling import plain

DOMAINS: dict[str, dict[str, float]] = {
    "it": {"posta.example.com": 4, "example.com": 3, "example.org": 2, "casa.example.net": 1},
    "es": {"correo.example.org": 4, "example.com": 2, "example.org": 2, "example.net": 1},
    "ru": {"pochta.example.net": 4, "example.com": 2, "example.net": 2, "example.org": 1},
    "en": {"mail.example.com": 3, "example.com": 3, "example.net": 2, "example.org": 2},
}
SHAPES: dict[str, float] = {
    "{first}.{last}": 50,
    "{initial}.{last}": 14,
    "{first}{last}": 10,
    "{last}.{first}": 9,
    "{first}_{last}": 7,
    "{first}.{last}{year}": 10,
}
PLUS = {"it": "vino", "es": "vino", "ru": "vino", "en": "wine"}


class Addresses:
    """Hands out addresses and never the same one twice, however it is written."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def give(self, contact: ContactRow) -> None:
        contact.email = self._written(contact, *self._free(contact))

    def _free(self, contact: ContactRow) -> tuple[str, str]:
        local, domain = self._local(contact), self._domain(contact)
        number = 1
        while (free := f"{local}{number if number > 1 else ''}") + "@" + domain in self._taken:
            number += 1
        self._taken.add(f"{free}@{domain}")
        return free, domain

    def _local(self, contact: ContactRow) -> str:
        first = plain(contact.first_name, between=".")
        families = contact.last_name.split()
        usual = families[:1] if contact.language == "es" and self._dice.chance(0.6) else families
        last = plain(" ".join(usual[:4]), between="")
        if not last:
            return first
        born = contact.birthday.year if contact.birthday else self._dice.between(1950, 2004)
        shape = self._dice.weigh(SHAPES)
        return shape.format(first=first, last=last, initial=first[0], year=born % 100)

    def _domain(self, contact: ContactRow) -> str:
        if contact.company and self._dice.chance(0.8):
            return f"{plain(contact.company.name, between='-')}.example.com"
        return self._dice.weigh(DOMAINS[contact.language])

    def _written(self, contact: ContactRow, local: str, domain: str) -> str:
        """As the person wrote it: some with a plus tag, some with capitals."""
        if self._dice.chance(0.03):
            local = f"{local}+{PLUS[contact.language]}"
        if self._dice.chance(0.04):
            local = local.title()
        if self._dice.chance(0.02):
            domain = domain[0].upper() + domain[1:]
        return f"{local}@{domain}"
