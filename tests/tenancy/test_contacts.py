"""Contacts are read in the tenant that they belong to; here that is their city."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from outreach.recipients.models import ContactLink, Recipient
from outreach.recipients.sync import sweep
from outreach.tenancy import tenancy
from project.crm.contact_source import CrmContacts
from project.crm.models import Company, Contact
from tests.tenancy.firms import SETTINGS, ContactsByCompany, make_person

pytestmark = pytest.mark.django_db


def _names(tenant: str) -> list[str]:
    with tenancy().activate(tenant):
        return [person.name for person in Recipient.objects.order_by("pk")]


def _sweep(tenant: str) -> int:
    with tenancy().activate(tenant):
        return sweep()


def test_a_sweep_reads_the_contacts_of_its_tenant() -> None:
    Contact.objects.bulk_create(
        [
            Contact(first_name="Nora", city="north", email="casa@example.com"),
            Contact(first_name="Sara", city="south", email="casa@example.com"),
            Contact(first_name="Nobody's", city=""),
        ]
    )
    assert (_sweep("north"), _sweep("south"), _sweep("")) == (1, 1, 0)
    assert (_names("north"), _names("south"), _names("")) == (["Nora"], ["Sara"], [])


def test_a_sweep_marks_nobody_of_another_tenant_as_gone() -> None:
    Contact.objects.bulk_create([Contact(first_name="Nora", city="north")])
    _sweep("north")
    _sweep("south")
    assert ContactLink._base_manager.get().gone_at is None


def test_who_moves_to_another_tenant_is_gone_from_the_first_and_new_in_the_other() -> None:
    Contact.objects.bulk_create([Contact(first_name="Nora", city="north")])
    _sweep("north")
    Contact.objects.update(city="south")
    _sweep("north")
    _sweep("south")
    north, south = ContactLink._base_manager.order_by("pk")
    assert (north.tenant, bool(north.gone_at)) == ("north", True)
    assert (south.tenant, bool(south.gone_at)) == ("south", False)
    assert north.recipient_id != south.recipient_id


@pytest.fixture
def _signals_by_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """What listens to contacts was connected at the start, with the source of the demo."""
    monkeypatch.setattr(CrmContacts, "tenant", "city")


@pytest.mark.usefixtures("_signals_by_city")
def test_a_single_change_counts_in_the_tenant_of_the_contact(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        contact = Contact.objects.create(first_name="Nora", city="north")
    assert _names("north") == ["Nora"]
    with tenancy().activate("south"), django_capture_on_commit_callbacks(execute=True):
        contact.delete()
    assert ContactLink._base_manager.get().gone_at is not None


@pytest.mark.usefixtures("_signals_by_city")
def test_a_contact_of_nobody_is_passed_over(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        Contact.objects.create(first_name="Nobody's")
    assert not callbacks


def test_a_path_over_a_key_is_read_without_a_query() -> None:
    company = Company.objects.create(name="Osteria")
    contact = Contact.objects.create(first_name="Nora", company=company)
    assert ContactsByCompany().tenant_of(contact) == str(company.pk)
    assert ContactsByCompany().tenant_of(Contact()) == ""


def test_a_source_without_a_path_goes_by_who_is_under_way(settings: Settings) -> None:
    """As where the database shows no other rows at all."""
    settings.OUTREACH = SETTINGS
    Contact.objects.bulk_create([Contact(first_name="Nora")])
    assert _sweep("north") == 1
    assert _names("north") == ["Nora"]


def test_a_key_of_a_contact_is_known_in_its_tenant_alone() -> None:
    with tenancy().activate("north"):
        person = make_person("nora@example.com", "Nora")
        ContactLink.objects.create(source="crm.contact", contact_key="1", recipient=person)
    with tenancy().activate("south"):
        assert not ContactLink.objects.filter(source="crm.contact", contact_key="1").exists()
