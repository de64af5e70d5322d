# ruff: noqa: RUF001
"""Composes companies that serve, sell or import wine, and seats people in them."""

from project.crm.invent.dice import Dice
from project.crm.invent.people import NOT_YET, settle
from project.crm.invent.places import TOWNS, time_zone_of
from project.crm.invent.plan import Plan
from project.crm.invent.rows import CompanyRow, ContactRow
from project.crm.invent.spelling import plain
from project.crm.invent.words import words

KINDS: dict[str, float] = {
    "restaurant": 44,
    "wine_shop": 27,
    "hotel": 13,
    "importer": 9,
    "other": 7,
}
PEOPLE: dict[int, float] = {1: 60, 2: 28, 3: 12}

ITALIAN = {
    "restaurant": words("Trattoria {}, Osteria {}, Ristorante {}, Locanda {}, Antica Osteria {}"),
    "wine_shop": words("Enoteca {}, Vineria {}, Bottega del Vino {}"),
    "hotel": words("Albergo {}, Hotel {}, Relais {}, Agriturismo {}"),
    "importer": words("{} Import S.r.l., Distribuzione {} S.p.A."),
    "other": words("Circolo {}, Gastronomia {}, Amici del Vino {}"),
}
ENGLISH = {
    "restaurant": words("The {} Kitchen, {} Dining Rooms, The {} Table, {} Bistro"),
    "wine_shop": words("{} Fine Wines, {} Wine Merchants, The {} Cellar"),
    "hotel": words("The {} Hotel, {} House Hotel, The {} Inn"),
    "importer": words("{} Wine Imports Ltd, {} Imports Ltd"),
    "other": words("{} Wine Club, {} Catering, {} Cookery School"),
}
SPANISH = {
    "restaurant": words("Restaurante {}, Taberna {}, Casa de Comidas {}, Mesón {}"),
    "wine_shop": words("Vinoteca {}, Vinos y Licores {}, La Bodeguita {}"),
    "hotel": words("Hotel {}, Posada {}, Hostal {}"),
    "importer": words("Importaciones {} S.L., Distribuciones {} S.A."),
    "other": words("Club de Vinos {}, Peña Gastronómica {}"),
}
RUSSIAN = {
    "restaurant": words("Ресторан «{}», Кафе «{}», Траттория «{}»"),
    "wine_shop": words("Винотека «{}», Винный дом «{}», Бутик вина «{}»"),
    "hotel": words("Гостиница «{}», Отель «{}»"),
    "importer": words("ТОО «{}», Торговый дом «{}»"),
    "other": words("Клуб «{}», Кулинарная школа «{}»"),
}
ITALIAN_SIGNS = words("""
    del Borgo, La Quercia, Dell'Acqua Buona, Al Vecchio Mulino, Tre Castagni, da Nonna Pina,
    La Lanterna, Il Melograno, Due Torri, Belvedere, Sant'Evasio, Della Luna, Il Cortile,
    La Fontanella, Ai Tigli, Il Pozzo, L'Antico Portico, Del Ponte, La Rondine, Quattro Venti,
    Al Gallo, La Meridiana, Colle Alto, L'Alambicco, Della Stazione, La Nocciola, Il Campanile
""")
ENGLISH_SIGNS = words("""
    Copper Kettle, Old Orchard, Juniper, Harbour, Lantern, Walled Garden, Hare & Thistle,
    Blackbird, Marlowe, Thornbury, Alder, Foxglove, Kingfisher, Quayside, Larch, Rowan, Wren,
    Millstone, Ashdown, Saltmarsh, Hollyhock, Bramble, Driftwood, Nightingale
""")
SPANISH_SIGNS = words("""
    El Olivo, La Encina, Los Almendros, El Rincón, La Alameda, Doña Inés, El Peñón, La Añada,
    Las Golondrinas, El Molino, La Degustación, San Telmo, El Jardín, La Vendimia
""")
RUSSIAN_SIGNS = words("""
    Старый город, Белая лоза, Пьемонт, Тоскана, Три бокала, Виноградник, Погребок, Алатау,
    Гранат, Дегустация, Южный берег, Тихая улица, Апорт, Кипарис
""")
SIGNS = {
    "IT": (ITALIAN, ITALIAN_SIGNS),
    **dict.fromkeys(("GB", "IE", "US"), (ENGLISH, ENGLISH_SIGNS)),
    **dict.fromkeys(("ES", "MX"), (SPANISH, SPANISH_SIGNS)),
    **dict.fromkeys(("KZ", "LV", "IL", "GE", "RU"), (RUSSIAN, RUSSIAN_SIGNS)),
}
# Numbers of the right shape that no tax office gives out.
VAT = {
    "IT": "IT000000#####",
    "GB": "GB00000####",
    "IE": "IE000####?",
    "ES": "ESB0000####",
    "LV": "LV0000000####",
}


def invent_companies(dice: Dice, plan: Plan) -> list[CompanyRow]:
    taken: set[str] = set()
    return [
        _company(dice, country, taken)
        for country, count in plan.companies.items()
        for _ in range(count)
    ]


def seat_people(dice: Dice, companies: list[CompanyRow], contacts: list[ContactRow]) -> None:
    """Give each company one to three of the contacts of its country, as far as they go."""
    free: dict[str, list[ContactRow]] = {}
    for contact in dice.shuffled(contacts):
        free.setdefault(contact.country, []).append(contact)
    for company in companies:
        for _ in range(dice.weigh(PEOPLE)):
            if free[company.country]:
                _seat(dice, company, free[company.country].pop())


def _seat(dice: Dice, company: CompanyRow, contact: ContactRow) -> None:
    contact.company = company
    contact.city, contact.region = company.city, company.region
    if contact.time_zone:
        contact.time_zone = time_zone_of(company.country, company.city)
    gets_post_at_work = dice.chance(0.2)
    contact.street = company.street if gets_post_at_work else ""
    contact.postcode = company.postcode if gets_post_at_work else ""


def _company(dice: Dice, country: str, taken: set[str]) -> CompanyRow:
    kind = dice.weigh(KINDS)
    patterns, signs = SIGNS[country]
    town = dice.weigh(TOWNS[country])
    name = dice.pick(patterns[kind]).replace("{}", dice.pick(signs))
    number = 2
    base = name
    while name in taken:
        name = f"{base}, {town.city}" if number == 2 else f"{base} {number}"
        number += 1
    taken.add(name)
    company = CompanyRow(
        name=name,
        kind=kind,
        country=country,
        vat_number=dice.fill(VAT[country]) if country in VAT and dice.chance(0.85) else "",
        website=f"https://{plain(name, between='-')}.example.com" if dice.chance(0.7) else "",
        created_at=NOT_YET,
    )
    settle(dice, company, town)
    return company
