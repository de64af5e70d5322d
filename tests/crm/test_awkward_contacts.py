"""The awkward contacts of the fixture, in the numbers that the generator states."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from project.crm.management.commands import make_crm_fixture as generator
from tests.crm.conftest import Fields, Records

RESERVED = ("example.com", "example.org", "example.net")


def emails(records: Records) -> list[str]:
    return [contact["email"] for contact in records.contacts.values() if "email" in contact]


def is_valid(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def is_bouncing(email: str) -> bool:
    return email.lower().startswith("bounce.")


def test_some_have_no_address(records: Records) -> None:
    assert len(records.contacts) - len(emails(records)) == generator.WITHOUT_EMAIL


def test_some_pairs_share_one_address_and_nobody_else_does(records: Records) -> None:
    holders = Counter(email.casefold() for email in emails(records))
    shared = [count for count in holders.values() if count > 1]
    assert shared == [2] * generator.PAIRS_ON_ONE_ADDRESS


def test_some_addresses_are_malformed_each_in_its_own_way(records: Records) -> None:
    malformed = [email for email in emails(records) if not is_valid(email)]
    assert len(malformed) == generator.MALFORMED
    assert any("@" not in email for email in malformed)
    assert any(email.count("@") == 2 for email in malformed)
    assert any(" " in email for email in malformed)
    assert any(email.endswith(".") for email in malformed)


def test_some_addresses_look_right_and_will_bounce(records: Records) -> None:
    bouncing = [email for email in emails(records) if is_bouncing(email)]
    assert len(bouncing) == generator.BOUNCING
    assert all(is_valid(email) for email in bouncing)


def test_some_domains_are_not_ascii(records: Records) -> None:
    idn = [email for email in emails(records) if not email.isascii()]
    assert len({email.partition("@")[2] for email in idn}) == generator.ON_IDN_DOMAIN
    assert all(is_valid(email) and email.partition("@")[0].isascii() for email in idn)


def test_every_address_is_on_a_domain_reserved_for_examples(records: Records) -> None:
    for email in filter(is_valid, emails(records)):
        domain = email.partition("@")[2].lower()
        assert domain in RESERVED or domain.endswith(tuple(f".{name}" for name in RESERVED)), email


def test_addresses_are_written_as_people_write_them(records: Records) -> None:
    assert sum("+" in email for email in emails(records)) > 20
    assert sum(email != email.lower() for email in emails(records)) > 40


def test_some_asked_for_silence_and_are_awkward_in_no_other_way(records: Records) -> None:
    silent = [c for c in records.contacts.values() if c.get("do_not_contact")]
    assert len(silent) == generator.DO_NOT_CONTACT
    holders = Counter(email.casefold() for email in emails(records))
    for contact in silent:
        email = contact["email"]
        assert is_valid(email)
        assert not is_bouncing(email)
        assert holders[email.casefold()] == 1


def test_some_have_one_name_and_one_has_a_very_long_one(records: Records) -> None:
    half_named = [c for c in records.contacts.values() if "last_name" not in c]
    of_a_company = [c for c in half_named if "company" in c]
    assert len(of_a_company) == generator.WITHOUT_LAST_NAME
    assert len(half_named) - len(of_a_company) == generator.WITH_ONE_NAME
    very_long = [c for c in records.contacts.values() if len(full_name(c)) > 100]
    assert len(very_long) == generator.WITH_VERY_LONG_NAME


def test_names_keep_their_letters(records: Records) -> None:
    names = " ".join(full_name(contact) for contact in records.contacts.values())
    for part in ("D'Angelo", "Dell'Acqua", "Nicolò", "Íñigo", "de la Fuente", "Seán", "Фёдор"):
        assert part in names, part


def test_women_and_men_bear_russian_surnames_in_their_own_form(records: Records) -> None:
    names = {full_name(contact) for contact in records.contacts.values()}
    assert not [n for n in names if n.startswith(("Анна ", "Ольга ")) and n.endswith(("ов", "ий"))]


def full_name(contact: Fields) -> str:
    return f"{contact['first_name']} {contact.get('last_name', '')}"
