"""What CRMs hold, and what must not stop the reading of everybody else."""

from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.test import override_settings

from outreach.recipients import sync
from outreach.recipients.models import ContactLink, Recipient, RecipientAddress
from outreach.recipients.sources import ContactSource, SegmentField
from project.crm.models import Company, Contact, Order

pytestmark = pytest.mark.django_db


def reading(*sources: str) -> override_settings:
    paths = [f"tests.recipients.test_sync_awkward.{name}" for name in sources]
    return override_settings(OUTREACH={**settings.OUTREACH, "CONTACT_SOURCES": paths})


class Shoppers(ContactSource):
    model = "crm.Contact"
    customer = "orders"
    segment_fields: ClassVar[dict[str, SegmentField]] = {}


class Lists(ContactSource):
    model = "crm.Contact"
    email = "notes"
    country = "region"


class Broken(ContactSource):
    model = "crm.Company"
    email = "no_such_field"


def test_a_path_to_several_rows_makes_one_person() -> None:
    contact = Contact.objects.bulk_create([Contact(email="a@example.com")])[0]
    Order.objects.bulk_create(
        [Order(contact=contact, number=str(n), ordered_on="2024-01-01", total=1) for n in (1, 2)]
    )
    with reading("Shoppers"):
        assert sync.sweep() == 1
    assert Recipient.objects.get().stage == "customer"


def test_a_field_with_several_addresses_keeps_each_once_in_order() -> None:
    Contact.objects.bulk_create(
        [Contact(notes="B@example.com, nothing; a@example.com,b@example.com")]
    )
    with reading("Lists"):
        sync.sweep()
    held = RecipientAddress.objects.order_by("position").values_list("address__value", flat=True)
    assert list(held) == ["b@example.com", "a@example.com"]


@pytest.mark.parametrize(("typed", "kept"), [("GERMANY", ""), ("de", "DE"), ("", ""), ("XX", "")])
def test_a_country_is_kept_as_its_code_or_not_at_all(typed: str, kept: str) -> None:
    Contact.objects.bulk_create([Contact(region=typed)])
    with reading("Lists"):
        sync.sweep()
    assert Recipient.objects.get().country == kept


def test_a_source_that_cannot_be_read_does_not_keep_the_others_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Company.objects.create(name="Enoteca")
    Contact.objects.bulk_create([Contact(email="a@example.com")])
    with reading("Broken", "Shoppers"):
        assert sync.sweep() == 1
    assert "crm.company could not be read: FieldError" in caplog.text


def test_addresses_that_change_places_change_places_here() -> None:
    Contact.objects.bulk_create([Contact(notes="a@example.com,b@example.com,c@example.com")])
    with reading("Lists"):
        sync.sweep()
        Contact.objects.update(notes="c@example.com,a@example.com")
        assert sync.sweep() == 1
    held = RecipientAddress.objects.order_by("position").values_list("address__value", flat=True)
    assert list(held) == ["c@example.com", "a@example.com"]


def test_names_longer_than_ours_are_kept_as_far_as_they_fit() -> None:
    Contact.objects.bulk_create([Contact(first_name="M" * 200, last_name="R" * 200)])
    sync.sweep()
    assert len(Recipient.objects.get().name) == 300


@pytest.mark.django_db(transaction=True)
def test_what_fails_with_us_does_not_fail_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("outreach.recipients.receivers.sync_keys", broken)
    Contact.objects.create(email="a@example.com")
    assert ContactLink.objects.count() == 0
    monkeypatch.undo()
    assert sync.sweep() == 1
