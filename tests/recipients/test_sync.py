import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Replace
from django.test.utils import CaptureQueriesContext

from outreach.history.models import HistoryEntry
from outreach.recipients import sync
from outreach.recipients.models import (
    Address,
    ContactLink,
    Recipient,
    RecipientAddress,
    Stage,
)
from outreach.recipients.sources import sources
from outreach.recipients.sync import sweep, sync_keys
from project.crm.models import Contact

pytestmark = pytest.mark.django_db


def addresses(recipient: Recipient) -> list[str]:
    held = RecipientAddress.objects.filter(recipient=recipient)
    return list(held.values_list("address__value", flat=True))


def only_recipient() -> Recipient:
    return Recipient.objects.get()


def test_a_sweep_makes_one_person_of_each_contact() -> None:
    Contact.objects.bulk_create(
        [
            Contact(first_name="Maria", last_name="D'Angelo", email="Maria@Example.com"),
            Contact(first_name="Иван", email=""),
        ]
    )
    assert sweep() == 2
    maria, ivan = Recipient.objects.order_by("pk")
    assert (maria.name, addresses(maria)) == ("Maria D'Angelo", ["maria@example.com"])
    assert (ivan.name, addresses(ivan)) == ("Иван", [])


def test_a_second_sweep_changes_nothing() -> None:
    Contact.objects.bulk_create([Contact(first_name="Maria", email="maria@example.com")])
    sweep()
    assert sweep() == 0
    assert Recipient.objects.count() == 1


def test_a_bulk_change_is_seen_by_the_next_sweep() -> None:
    Contact.objects.bulk_create([Contact(first_name="Maria", email="old@example.com")])
    sweep()
    Contact.objects.update(email="new@example.com")
    assert sweep() == 1
    assert addresses(only_recipient()) == ["new@example.com"]


def test_two_contacts_on_one_address_stay_two_people() -> None:
    Contact.objects.bulk_create(
        [
            Contact(first_name="Maria", email="casa@example.com"),
            Contact(first_name="Piero", email="casa@example.com"),
        ]
    )
    sweep()
    people = Recipient.objects.all()
    assert len(people) == 2
    assert [addresses(person) for person in people] == [["casa@example.com"]] * 2


@pytest.mark.django_db(transaction=True)
def test_a_saved_contact_is_followed_at_once() -> None:
    contact = Contact.objects.create(first_name="Maria", email="maria@example.com")
    assert addresses(only_recipient()) == ["maria@example.com"]
    contact.email = "maria.rossi@example.com"
    contact.save()
    assert addresses(only_recipient()) == ["maria.rossi@example.com"]


@pytest.mark.django_db(transaction=True)
def test_a_deleted_contact_leaves_the_person_and_is_marked_gone() -> None:
    Contact.objects.create(first_name="Maria", email="maria@example.com").delete()
    assert Recipient.objects.count() == 1
    assert ContactLink.objects.get().gone_at is not None


def test_a_contact_that_went_without_a_signal_is_marked_gone_by_the_sweep() -> None:
    Contact.objects.bulk_create([Contact(first_name="Maria", email="maria@example.com")])
    sweep()
    Contact.objects.all()._raw_delete("default")
    sweep()
    assert ContactLink.objects.get().gone_at is not None


def test_the_flag_of_the_crm_is_read() -> None:
    Contact.objects.bulk_create([Contact(email="a@example.com", do_not_contact=True)])
    sweep()
    assert ContactLink.objects.get().is_opted_out


def test_a_customer_is_no_stranger() -> None:
    Contact.objects.bulk_create(
        [
            Contact(email="a@example.com", customer_since="2024-03-01"),
            Contact(email="b@example.com"),
        ]
    )
    sweep()
    assert [person.stage for person in Recipient.objects.order_by("pk")] == [
        Stage.CUSTOMER,
        Stage.STRANGER,
    ]


def test_a4_who_is_known_and_becomes_a_customer_has_it_on_record_once() -> None:
    Contact.objects.bulk_create(
        [
            Contact(email="new@example.com", customer_since="2024-03-01"),
            *(Contact(email=f"{n}@example.com") for n in range(3)),
        ]
    )
    sweep()
    assert not HistoryEntry.objects.exists()  # that they were made so says enough
    Contact.objects.exclude(email="2@example.com").update(
        customer_since="2024-05-01", first_name="Maria"
    )
    Contact.objects.filter(email="2@example.com").update(first_name="Piero")
    for _time in range(2):
        sweep()
        entries = HistoryEntry.objects.filter(subject_model="recipient")
        moved = Recipient.objects.filter(addresses__value__in=["0@example.com", "1@example.com"])
        assert sorted(entries.values_list("subject_key", "verb", "note")) == sorted(
            (str(person.pk), "stage.moved", "customer: ordered") for person in moved
        )


def test_a_bad_address_is_no_address() -> None:
    Contact.objects.bulk_create([Contact(first_name="Maria", email="maria(at)example.com")])
    sweep()
    assert addresses(only_recipient()) == []


def test_queries_do_not_grow_with_the_contacts() -> None:
    def queries_for(count: int) -> int:
        Contact.objects.bulk_create(
            [Contact(first_name=str(n), email=f"{count}-{n}@example.com") for n in range(count)]
        )
        with CaptureQueriesContext(connection) as captured:
            sweep()
        return len(captured)

    assert queries_for(200) < queries_for(5) + 10  # SQLite takes long inserts in parts


def change_all(count: int) -> None:
    Contact.objects.bulk_create(
        [Contact(first_name=f"Maria {n}", email=f"old{n}@example.com") for n in range(count)],
        batch_size=2000,
    )
    assert sweep() == count
    Contact.objects.update(
        email=Replace("email", Value("old"), Value("new")), do_not_contact=True, city="Torino"
    )
    assert sweep() == count
    assert Address.objects.filter(value__startswith="new").count() == count
    held = RecipientAddress.objects.filter(position=0, address__value__startswith="new")
    assert held.count() == count
    assert ContactLink.objects.filter(is_opted_out=True).count() == count
    assert sweep() == 0


def test_a_large_update_is_seen_by_the_next_sweep() -> None:
    change_all(5_000)


@pytest.mark.postgres
def test_100_000_that_changed_without_a_signal_are_seen_by_the_next_sweep() -> None:
    change_all(100_000)


def test_a_source_that_another_sync_began_to_read_is_read_all_the_same() -> None:
    """Both saw that nobody was known; what one wrote, the other finds, and makes nobody twice."""
    contacts = Contact.objects.bulk_create([Contact(first_name=str(n)) for n in range(3)])
    raw = next(iter(sources()["crm.contact"].batches()))
    sync_keys(sources()["crm.contact"], [str(contacts[1].pk)])
    kept = sync._sync_new(sources()["crm.contact"], raw)
    assert (kept.written, kept.linked) == (2, 3)
    assert Recipient.objects.count() == ContactLink.objects.count() == 3
