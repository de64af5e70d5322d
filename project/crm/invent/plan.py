from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Awkward:
    """How many contacts are awkward in each way. No contact is awkward in two ways."""

    without_email: int
    pairs_on_one_address: int
    do_not_contact: int
    malformed: int
    bouncing: int
    on_idn_domain: int
    without_last_name: int
    with_one_name: int
    with_very_long_name: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to invent: contacts by language and country, companies by country.

    Orders fall on days from orders_from to the day before until.
    """

    seed: str
    orders_from: date
    until: date
    contacts: Mapping[str, Mapping[str, int]]
    companies: Mapping[str, int]
    awkward: Awkward
