"""Composes people: a name, a place, perhaps a birthday and a telephone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from project.crm.invent import names_cyrillic as cyrillic
from project.crm.invent import names_latin as latin
from project.crm.invent import phones
from project.crm.invent.dice import Dice
from project.crm.invent.places import STREETS, TOWNS, Town
from project.crm.invent.plan import Plan
from project.crm.invent.rows import CompanyRow, ContactRow

NOT_YET = datetime(2019, 3, 4, tzinfo=UTC)  # history.py sets the true instants
TWO_SURNAMES = {"ES": 0.93, "MX": 0.9}


@dataclass(frozen=True)
class Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


RUSSIAN = Names(cyrillic.RUSSIAN_WOMEN, cyrillic.RUSSIAN_MEN, cyrillic.RUSSIAN_FAMILIES)
KAZAKH = Names(cyrillic.KAZAKH_WOMEN, cyrillic.KAZAKH_MEN, cyrillic.KAZAKH_FAMILIES)
GEORGIAN = Names(cyrillic.GEORGIAN_WOMEN, cyrillic.GEORGIAN_MEN, cyrillic.GEORGIAN_FAMILIES)
ISRAELI = Names(cyrillic.ISRAELI_WOMEN, cyrillic.ISRAELI_MEN, cyrillic.ISRAELI_FAMILIES)
LATVIAN = Names(cyrillic.LATVIAN_WOMEN, cyrillic.LATVIAN_MEN, cyrillic.LATVIAN_FAMILIES)
ITALIAN = Names(latin.ITALIAN_WOMEN, latin.ITALIAN_MEN, latin.ITALIAN_FAMILIES)
BRITISH = Names(latin.ENGLISH_WOMEN, latin.ENGLISH_MEN, latin.BRITISH_FAMILIES)
AMERICAN = Names(latin.ENGLISH_WOMEN, latin.ENGLISH_MEN, latin.AMERICAN_FAMILIES)
IRISH = Names(latin.IRISH_WOMEN, latin.IRISH_MEN, latin.IRISH_FAMILIES)
SPANISH = Names(latin.SPANISH_WOMEN, latin.SPANISH_MEN, latin.SPANISH_FAMILIES)

NAMES: dict[str, dict[Names, float]] = {
    "IT": {ITALIAN: 1},
    "GB": {BRITISH: 12, IRISH: 1},
    "IE": {IRISH: 5, BRITISH: 1},
    "US": {AMERICAN: 8, IRISH: 1, ITALIAN: 1},
    "ES": {SPANISH: 1},
    "MX": {SPANISH: 1},
    "KZ": {RUSSIAN: 1, KAZAKH: 1},
    "LV": {RUSSIAN: 2, LATVIAN: 1},
    "IL": {RUSSIAN: 1, ISRAELI: 3},
    "GE": {GEORGIAN: 3, RUSSIAN: 1},
    "RU": {RUSSIAN: 1},
}


def invent_contacts(dice: Dice, plan: Plan) -> list[ContactRow]:
    contacts = [
        _contact(dice, language, country)
        for language, countries in plan.contacts.items()
        for country, count in countries.items()
        for _ in range(count)
    ]
    return dice.shuffled(contacts)


def settle(dice: Dice, row: ContactRow | CompanyRow, town: Town) -> None:
    street = dice.pick(STREETS[row.country])
    row.street = street.replace("{n}", str(dice.between(1, 148)))
    row.postcode = dice.fill(town.postcode)
    row.city, row.region = town.city, town.region


def _contact(dice: Dice, language: str, country: str) -> ContactRow:
    first_name, last_name = _name(dice, country)
    contact = ContactRow(
        first_name=first_name,
        last_name=last_name,
        country=country,
        language=language,
        created_at=NOT_YET,
        updated_at=NOT_YET,
    )
    _place(dice, contact)
    if dice.chance(0.66):
        contact.mobile = phones.mobile(dice, country)
    if dice.chance(0.3):
        contact.phone = phones.landline(dice, country)
    if dice.chance(0.55):
        contact.birthday = dice.day(date(1941, 1, 1), date(1998, 12, 31))
    return contact


def _name(dice: Dice, country: str) -> tuple[str, str]:
    names = dice.weigh(NAMES[country])
    woman = dice.chance(0.5)
    first_name = dice.pick(names.women if woman else names.men)
    last_name = dice.pick(names.families)
    if dice.chance(TWO_SURNAMES.get(country, 0)):
        last_name = f"{last_name} {dice.pick(names.families)}"
    return first_name, cyrillic.for_a_woman(last_name) if woman else last_name


def _place(dice: Dice, contact: ContactRow) -> None:
    """Where they live, as completely as such records are kept."""
    town = dice.weigh(TOWNS[contact.country])
    settle(dice, contact, town)
    known = dice.weigh({"all": 0.72, "town": 0.2, "country": 0.08})
    if known != "all":
        contact.street = contact.postcode = ""
    if known == "country":
        contact.city = contact.region = ""
    if dice.chance(0.8):
        contact.time_zone = town.time_zone
