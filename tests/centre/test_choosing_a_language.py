"""B11: the language is the customer's to choose, and stays chosen."""

import pytest
from django.test import Client
from django.utils import translation

from outreach.campaigns.models import Variant
from outreach.dispatch.channels.email import build
from outreach.groups.person_facts import person_facts
from outreach.history.record import history_of
from outreach.ledger.models import Attempt
from outreach.recipients.models import Recipient
from outreach.recipients.sync import sweep
from project.crm.models import Contact
from tests.builders import make_recipient
from tests.centre.form_on_page import open_form
from tests.centre.messages import all_rows, make_message, preferences_path
from tests.centre.people import make_maria

pytestmark = pytest.mark.django_db


def choose(client: Client, path: str, code: str) -> str:
    return open_form(client, path).press(do="language", language=code)


@pytest.mark.parametrize("code", ["en", "it", "es", "ru"])
def test_the_page_speaks_it_from_then_on(client: Client, code: str) -> None:
    maria = make_maria(language="en")
    page = choose(client, maria.path, code)
    assert f'<html lang="{code}">' in page
    maria.person.refresh_from_db()
    assert (maria.person.chosen_language, maria.person.language) == (code, "en")


def test_the_mail_speaks_it_too(client: Client) -> None:
    maria = make_maria(language="en")
    choose(client, maria.path, "it")
    attempt = Attempt.objects.select_related("delivery__recipient", "delivery__address").get()
    variant = Variant.objects.select_related("campaign__sender", "campaign__topic").get()
    html, _kind = build(attempt, variant).alternatives[0]
    assert '<html lang="it"' in str(html)


def test_a_sync_does_not_overwrite_it(client: Client) -> None:
    Contact.objects.bulk_create([Contact(email="maria@example.com", language="it")])
    sweep()
    maria = Recipient.objects.get()
    choose(client, preferences_path(make_message(maria)), "ru")
    Contact.objects.update(language="es")
    assert sweep() == 1
    maria.refresh_from_db()
    assert (maria.language, maria.chosen_language) == ("es", "ru")


def test_as_in_our_records_is_a_choice_too(client: Client) -> None:
    maria = make_maria(language="it")
    choose(client, maria.path, "ru")
    assert '<html lang="it">' in choose(client, maria.path, "")
    history = history_of(maria.person).filter(verb="language.chosen")
    assert [entry.note for entry in history] == ["", "ru"]


def test_the_page_offers_each_language_by_its_own_name(client: Client) -> None:
    page = client.get(make_maria(language="ru").path).content.decode()
    for code, name in {"en": "English", "it": "Italiano", "es": "Español", "ru": "Русский"}.items():
        assert f'<option value="{code}" lang="{code}">{name}</option>' in page
    with translation.override("ru"):
        assert "(Русский)" in page


@pytest.mark.parametrize("code", ["de", "EN", "it ", "\x00", "e" * 500])
def test_another_language_is_refused(client: Client, code: str) -> None:
    maria = make_maria()
    before = all_rows()
    assert client.post(maria.path, {"do": "language", "language": code}).status_code == 400
    assert client.post(maria.path, {"do": "language"}).status_code == 400
    assert all_rows() == before


@pytest.mark.parametrize(
    ("language", "chosen", "found"),
    [("it", "", True), ("it", "ru", False), ("es", "it", True), ("it-CH", "", True)],
)
def test_groups_go_by_what_the_person_chose(language: str, chosen: str, found: bool) -> None:
    make_recipient(language=language, chosen_language=chosen)
    fact = next(fact for fact in person_facts("") if fact.name == "person.language")
    assert Recipient.objects.filter(fact.condition("equals", "it")).exists() is found
    assert Recipient.objects.filter(fact.condition("filled", "")).exists()
