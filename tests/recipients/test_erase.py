"""B12: what is left of a person who is erased, and what can bring them back: nothing."""

from datetime import timedelta

import pytest
from django.dispatch import receiver
from django.utils import timezone

from outreach.api import erase_contact
from outreach.audiences.freeze import freeze
from outreach.conversations.match import Match, match
from outreach.conversations.models import Conversation, InboundMail, Message
from outreach.conversations.parse import Mail
from outreach.dispatch.claim import claim
from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict
from outreach.groups.members import add_members
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.history.record import history_of
from outreach.ledger.models import Attempt, Delivery
from outreach.links.reply import reply_address
from outreach.preferences.consent import grant
from outreach.preferences.models import ConsentRecord, Objection, Source, Subscription, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.erase import erase
from outreach.recipients.find import address_row, recipients_at
from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address, Channel, ContactLink, Recipient, RecipientAddress
from outreach.recipients.sync import sweep
from outreach.signals import recipient_erased
from outreach.sla import clock
from outreach.sla.models import Clock
from outreach.workplace.doctor import examine
from project.crm.models import Contact
from tests.builders import (
    address_of,
    make_address,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    start_campaign,
    subscribe,
)
from tests.centre.messages import make_message
from tests.recipients.planted import EMAIL, found, plant

pytestmark = pytest.mark.django_db


def violated() -> set[str]:
    return {each.statement.sentence for each in examine() if each.violations} - {
        "The periodic work runs"
    }


def test_b12_no_table_holds_a_word_of_an_erased_person() -> None:
    person = plant()
    planted = found()
    assert len(planted) >= 25, planted
    erase(person, by=CUSTOMER)
    assert found() == set()


def test_b12_the_proof_and_the_hashes_stay() -> None:
    person = plant()
    records, acts = ConsentRecord.objects.count(), Subscription.objects.count()
    value_hash = address_of(person).value_hash
    erase(person, by=CUSTOMER)
    assert (ConsentRecord.objects.count(), Subscription.objects.count()) == (records, acts)
    assert Objection.objects.exists()
    address = Address.objects.get()
    assert (address.value, address.value_hash) == ("", value_hash)
    assert address_hash(Channel.EMAIL, EMAIL) == value_hash
    stop = Suppression.objects.get(lifted_at=None)
    assert (stop.reason, stop.recipient, stop.address) == ("erased", person, address)
    assert history_of(person)[0].verb == "person.erased"


def test_the_doctor_finds_nothing_after_an_erasure() -> None:
    person = plant()
    before = violated()  # the message was planted as well, and never planned, claimed or sent
    erase(person, by=CUSTOMER)
    assert violated() <= before
    assert not any("clock" in sentence or "ledger" in sentence for sentence in before)


def test_nobody_is_erased_twice() -> None:
    person = make_recipient()
    erase(person, by=CUSTOMER)
    with pytest.raises(Conflict):
        erase(person, by=CUSTOMER)
    assert Suppression.objects.count() == 1


def test_somebody_without_any_address_is_erased_all_the_same() -> None:
    person = make_recipient(email=None)
    erase(person, by=CUSTOMER)
    assert Suppression.objects.get().recipient == person


def reachable(*people: Recipient) -> bool:
    topic = make_topic("Your orders", purpose="routine")
    return any(may_contact(person, topic, "email").is_allowed for person in people)


def synced(**contact: str) -> Recipient:
    Contact.objects.bulk_create([Contact(**contact)])
    sweep()
    return Recipient.objects.get()


def test_b12_the_same_contact_does_not_make_the_person_again() -> None:
    person = synced(first_name="Maria", email="maria@example.com")
    erase(person, by=CUSTOMER)
    assert found("maria") == set()
    for change in ({"first_name": "Mary"}, {"email": "another@example.com"}):
        Contact.objects.update(**change)
        assert sweep() == 0
        assert sweep() == 0
    assert Recipient.objects.get().name == ""
    assert not RecipientAddress.objects.exists()
    assert found("another") == found("mary") == set()
    link = ContactLink.objects.get()
    assert link.gone_at is not None
    assert link.source == "erased"


def test_b12_another_contact_with_the_address_does_not_make_the_person_again() -> None:
    person = synced(first_name="Maria", email="maria@example.com")
    erase(person, by=CUSTOMER)
    Contact.objects.all().delete()
    Contact.objects.bulk_create(
        [Contact(first_name="Maria", email="x@example.com, MARIA@example.com")]
    )
    assert sweep() == 0
    assert Recipient.objects.get() == person
    assert found("maria") == set()


def test_b12_somebody_known_who_comes_to_the_address_is_not_reached_there() -> None:
    person = synced(first_name="Maria", email="maria@example.com")
    erase(person, by=CUSTOMER)
    Contact.objects.bulk_create([Contact(first_name="Ivan", email="ivan@example.com")])
    sweep()
    Contact.objects.filter(first_name="Ivan").update(email="maria@example.com")
    sweep()
    ivan = Recipient.objects.get(name="Ivan")
    assert not ivan.held.exists()
    assert not reachable(ivan, person)


def test_b12_an_import_or_a_sign_up_with_the_address_meets_the_hash() -> None:
    person = make_recipient("maria@example.com")
    erase(person, by=CUSTOMER)
    address = address_row(Channel.EMAIL, " Maria@Example.com ")
    assert address is not None
    assert not recipients_at(Channel.EMAIL, "maria@example.com").exists()
    again = Recipient.objects.create(name="Maria")
    RecipientAddress.objects.create(
        recipient=again, address=make_address("maria@example.com"), channel="email"
    )
    topic = make_topic()
    grant(again, [topic], channel="email", source=Source.IMPORT, by=SYSTEM, address=address)
    assert not may_contact(again, topic, "email").is_allowed
    assert not reachable(again, person)
    assert Address.objects.get().value == ""


def test_b12_an_address_of_somebody_else_stays_theirs() -> None:
    maria = make_recipient("family@example.com", "Maria")
    piotr = make_recipient("family@example.com", "Piotr")
    topic = make_topic()
    subscribe(maria, topic)
    subscribe(piotr, topic)
    erase(maria, by=CUSTOMER)
    assert address_of(piotr).value == "family@example.com"
    assert may_contact(piotr, topic, "email").is_allowed
    assert not may_contact(maria, topic, "email").is_allowed
    assert not maria.held.exists()


def test_what_the_erased_person_had_stopped_at_a_shared_address_stays_stopped() -> None:
    maria = make_recipient("family@example.com", "Maria")
    piotr = make_recipient("family@example.com", "Piotr")
    topic = make_topic()
    subscribe(piotr, topic)
    suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=maria)
    assert not may_contact(piotr, topic, "email").is_allowed
    erase(maria, by=CUSTOMER)
    assert not may_contact(piotr, topic, "email").is_allowed


def test_somebody_who_is_no_longer_in_the_crm_keeps_no_address_from_being_erased() -> None:
    Contact.objects.bulk_create([Contact(first_name="Maria", email="maria@example.com")])
    sweep()
    Contact.objects.all().delete()
    Contact.objects.bulk_create([Contact(first_name="Maria", email="maria@example.com")])
    sweep()
    _gone, again = Recipient.objects.order_by("pk")
    erase(again, by=CUSTOMER)
    assert found("maria@") == set()


def test_statement_4_a_run_under_way_leaves_the_erased_person_out() -> None:
    maria, ivan = make_recipient(), make_recipient()
    run = start_campaign(maria, ivan)
    erase(maria, by=CUSTOMER)
    (attempt,) = claim(run).attempts
    assert attempt.delivery.recipient == ivan
    assert Delivery.objects.get(recipient=maria).reason == "erased"
    assert violated() == set()


def test_statement_4_what_was_claimed_and_not_begun_is_given_back_and_left_out() -> None:
    maria, ivan = make_recipient(), make_recipient()
    taken = claim(start_campaign(maria, ivan))
    assert len(taken.attempts) == 2
    of_ivan = Attempt.objects.filter(delivery__recipient=ivan)
    of_ivan.update(handed_over_at=timezone.now())
    erase(maria, by=CUSTOMER)
    erase(ivan, by=CUSTOMER)
    assert Attempt.objects.get(delivery__recipient=maria).outcome == "released"
    assert Delivery.objects.get(recipient=maria).reason == "erased"
    assert of_ivan.get().outcome == "in_flight"
    assert Delivery.objects.get(recipient=ivan).state == "claimed"
    assert violated() == set()


def test_a_freeze_leaves_the_erased_person_out() -> None:
    maria, ivan, topic = make_recipient(), make_recipient(), make_topic()
    for person in (maria, ivan):
        subscribe(person, topic)
    group = make_group(maria, ivan)
    erase(maria, by=CUSTOMER)
    campaign = make_campaign(group, topic=topic)
    run = freeze(campaign, by=Actor.of(campaign.author))
    assert [row.recipient for row in run.deliveries.all()] == [ivan]
    assert add_members(group, [maria.pk], by=SYSTEM, reason="again") == 0


def test_statement_12_nobody_waits_for_an_answer_and_what_was_late_stays_late() -> None:
    person = plant()
    late = Clock.objects.order_by("pk")[0]
    Clock.objects.filter(pk=late.pk).update(
        started_at=timezone.now() - timedelta(hours=30), due_at=timezone.now() - timedelta(hours=6)
    )
    erase(person, by=CUSTOMER)
    kept = Clock.objects.get()
    assert (kept.pk, kept.breached_at, kept.running_slot) == (late.pk, kept.due_at, None)
    assert clock.sweep() == 0
    assert set(Conversation.objects.values_list("state", flat=True)) == {"closed"}


def test_mail_of_others_is_left_alone() -> None:
    maria, ivan = make_recipient("maria@example.com"), make_recipient("ivan@example.com")
    conversation = Conversation.objects.create(recipient=ivan, subject="Train")
    Message.objects.create(
        conversation=conversation,
        direction="in",
        state="received",
        from_address="ivan@example.com",
        text="When?",
    )
    InboundMail.objects.create(
        provider="t", raw='{"mime": "From: ivan@example.com"}', dedupe_key="1"
    )
    erase(maria, by=CUSTOMER)
    assert Message.objects.get().text == "When?"
    assert Conversation.objects.get().subject == "Train"
    assert "ivan@" in InboundMail.objects.get().raw


@pytest.mark.django_db(transaction=True)
def test_the_host_hears_of_it_once_for_each_contact_after_the_commit() -> None:
    contact = Contact.objects.create(first_name="Maria", email="maria@example.com")
    person, heard = Recipient.objects.get(), list[tuple[str, str]]()

    @receiver(recipient_erased, dispatch_uid="test")
    def hear(*, source: str, key: str, **kwargs: object) -> None:
        heard.append((source, key))
        raise RuntimeError("the host fails")

    try:
        erase(person, by=CUSTOMER)
    finally:
        recipient_erased.disconnect(dispatch_uid="test")
    assert heard == [("crm.contact", str(contact.pk))]
    person.refresh_from_db()
    assert person.erased_at is not None


def test_b12_the_crm_erases_a_contact_with_one_call() -> None:
    person = synced(first_name="Maria", email="maria@example.com")
    key = Contact.objects.get().pk
    assert erase_contact("crm.contact", str(key))
    assert not erase_contact("crm.contact", key)
    person.refresh_from_db()
    assert (person.name, person.erased_at is not None) == ("", True)
    with pytest.raises(LookupError):
        erase_contact("crm.nobody", 1)


def test_whoever_writes_again_is_somebody_new_whom_we_may_answer() -> None:
    maria = make_recipient("maria@example.com")
    attempt = make_message(maria)
    erase(maria, by=CUSTOMER)
    mail = Mail(
        from_address="maria@example.com",
        answer_to="",
        to_addresses=(reply_address("d", attempt.key),),
        subject="Hello",
        text="It is me again",
        message_id="",
        answers=(),
        is_automatic=False,
    )
    assert match(mail) == Match()
