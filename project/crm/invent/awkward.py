"""The awkward contacts that every real CRM holds, in known numbers."""

from collections.abc import Callable
from functools import partial

from project.crm.invent.dice import Dice
from project.crm.invent.notes import note_of_silence
from project.crm.invent.plan import Awkward
from project.crm.invent.rows import ContactRow
from project.crm.invent.spelling import plain

MALFORMED = [
    "{local}.{domain}",
    "{local} {domain}",
    "{spaced}@{domain}",
    "{local}@@{domain}",
    "{local}@posta@{domain}",
    "{local}@{domain}.",
    "{local}@",
    "@{domain}",
    "{local}@{comma}",
    "<{local}@{domain}",
    "{local}..@{domain}",
    "{local}@.{domain}",
]
IDN_DOMAINS = {
    "ru": "пример.example.com",
    "es": "degustación.example.org",
    "it": "città.example.net",
}
VERY_LONG_NAME = (
    "María de los Dolores Inmaculada Concepción",
    "Fernández de Córdoba y Álvarez de Toledo Portocarrero Ruiz de Alarcón de la Cerda",
)


class Hat:
    """Contacts that are not awkward yet. Drawn in the share of each language."""

    def __init__(self, dice: Dice, contacts: list[ContactRow]) -> None:
        self._rest = dice.shuffled(contacts)

    def draw(
        self, count: int, fits: Callable[[ContactRow], bool] = lambda contact: True
    ) -> list[ContactRow]:
        fitting = [contact for contact in self._rest if fits(contact)]
        step = len(fitting) / count if count else 0
        fitting.sort(key=lambda contact: contact.language)
        drawn = [fitting[int(step * (n + 0.5))] for n in range(count)]
        self._rest = [contact for contact in self._rest if contact not in drawn]
        return drawn

    def draw_one(self, fits: Callable[[ContactRow], bool]) -> ContactRow:
        return self.draw(1, fits)[0]


def make_names_awkward(hat: Hat, awkward: Awkward) -> None:
    """Before addresses are given out, since they are made of names."""
    for contact in hat.draw(awkward.without_last_name, lambda c: c.company is not None):
        contact.last_name = ""
    for contact in hat.draw(awkward.with_one_name, lambda c: c.company is None):
        contact.last_name = ""
    for contact in hat.draw(awkward.with_very_long_name, lambda c: c.country == "ES"):
        contact.first_name, contact.last_name = VERY_LONG_NAME


def make_addresses_awkward(hat: Hat, awkward: Awkward) -> None:
    for contact in hat.draw(awkward.without_email):
        contact.email = ""
    shapes = MALFORMED[: awkward.malformed]
    for contact, shape in zip(hat.draw(awkward.malformed), shapes, strict=True):
        contact.email = _malformed(contact.email, shape)
    for contact in hat.draw(awkward.bouncing):
        contact.email = f"bounce.{contact.email.lower()}"
    for language, domain in list(IDN_DOMAINS.items())[: awkward.on_idn_domain]:
        _move_to(domain, hat.draw_one(partial(_speaks, language)))
    for contact in hat.draw(awkward.pairs_on_one_address, lambda c: c.company is None):
        _share(contact, hat)


def make_some_silent(dice: Dice, hat: Hat, awkward: Awkward) -> None:
    for contact in hat.draw(awkward.do_not_contact):
        contact.do_not_contact = True
        contact.notes = note_of_silence(dice, contact.updated_at.date())


def _malformed(email: str, shape: str) -> str:
    local, domain = email.lower().split("@")
    return shape.format(
        local=local,
        domain=domain,
        spaced=local.replace(".", " ") if "." in local else f"{local} ",
        comma=domain.replace(".", ","),
    )


def _speaks(language: str, contact: ContactRow) -> bool:
    return contact.language == language


def _move_to(domain: str, contact: ContactRow) -> None:
    local = plain(f"{contact.first_name} {contact.last_name}", between=".")
    contact.email = f"{local}@{domain}"


def _share(contact: ContactRow, hat: Hat) -> None:
    """The two live together and read one mailbox."""
    country = contact.country
    other = hat.draw_one(lambda c: c.company is None and c.country == country)
    other.email, other.phone, other.time_zone = contact.email, contact.phone, contact.time_zone
    other.street, other.postcode = contact.street, contact.postcode
    other.city, other.region = contact.city, contact.region
