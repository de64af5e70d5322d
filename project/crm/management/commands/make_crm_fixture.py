"""Writes fixtures/crm.json: the customers of Cantina Rossi, the same ones every time."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from project.crm.invent.customers import invent_customers
from project.crm.invent.plan import Awkward, Plan
from project.crm.invent.write import as_fixture

SEED = "Cantina Rossi, 1998"
ORDERS_FROM = date(2023, 11, 1)
UNTIL = date(2026, 11, 1)

CONTACTS = {
    "it": {"IT": 900},
    "en": {"GB": 230, "IE": 60, "US": 160},
    "es": {"ES": 315, "MX": 35},
    "ru": {"KZ": 115, "LV": 70, "IL": 60, "GE": 40, "RU": 15},
}
COMPANIES = {
    "IT": 180,
    "GB": 38,
    "US": 26,
    "IE": 8,
    "ES": 26,
    "MX": 5,
    "KZ": 8,
    "LV": 4,
    "GE": 3,
    "IL": 2,
}

WITHOUT_EMAIL = 60
PAIRS_ON_ONE_ADDRESS = 8
DO_NOT_CONTACT = 40
MALFORMED = 12
BOUNCING = 10  # well-formed, local part begins with "bounce."
ON_IDN_DOMAIN = 3
WITHOUT_LAST_NAME = 25  # of a company
WITH_ONE_NAME = 6
WITH_VERY_LONG_NAME = 1

FIXTURE = Path(__file__).resolve().parents[4] / "fixtures" / "crm.json"


def crm_fixture() -> str:
    """The whole fixture. Needs no database and no settings."""
    plan = Plan(
        seed=SEED,
        orders_from=ORDERS_FROM,
        until=UNTIL,
        contacts=CONTACTS,
        companies=COMPANIES,
        awkward=Awkward(
            without_email=WITHOUT_EMAIL,
            pairs_on_one_address=PAIRS_ON_ONE_ADDRESS,
            do_not_contact=DO_NOT_CONTACT,
            malformed=MALFORMED,
            bouncing=BOUNCING,
            on_idn_domain=ON_IDN_DOMAIN,
            without_last_name=WITHOUT_LAST_NAME,
            with_one_name=WITH_ONE_NAME,
            with_very_long_name=WITH_VERY_LONG_NAME,
        ),
    )
    return as_fixture(invent_customers(plan))


class Command(BaseCommand):
    help = "Write the demo's customers to fixtures/crm.json, the same ones every time."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, default=FIXTURE, help="the file to write")

    def handle(self, *, output: Path, **options: object) -> None:
        output.write_text(crm_fixture(), encoding="utf-8", newline="\n")
        self.stdout.write(f"Wrote {output.name}.")
