"""B12, statement 4: an erasure against a claim, a sync and a second erasure, with real threads."""

from collections.abc import Iterator

import pytest

from outreach.dispatch.claim import claim
from outreach.exceptions import OutreachError
from outreach.groups.members import add_members
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.preferences.consent import grant
from outreach.preferences.models import Source, Suppression
from outreach.recipients.erase import erase
from outreach.recipients.models import Recipient, RecipientAddress
from outreach.recipients.sync import sweep
from outreach.workplace.doctor import examine
from project.crm.models import Contact
from tests.at_once import at_once
from tests.builders import make_group, make_recipient, make_topic, start_campaign
from tests.recipients.planted import found

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nothing_is_violated() -> Iterator[None]:
    yield
    assert [each.statement for each in examine() if each.violations] == []


def test_statement_4_no_claim_after_an_erasure() -> None:
    people = [make_recipient() for _ in range(60)]
    run = start_campaign(*people)

    def erase_all() -> None:
        for person in reversed(people):
            erase(person, by=CUSTOMER)

    def claim_all() -> None:
        while not claim(Run.objects.get(pk=run.pk)).is_empty:
            pass

    at_once(erase_all, claim_all, claim_all)
    gone = Delivery.objects.filter(run=run, reason="erased").count()
    # Nothing was begun, so whatever was claimed first was taken back by the erasure.
    assert gone == 60
    assert not Attempt.objects.exclude(outcome="released").exists()


def test_one_of_two_erasures_wins() -> None:
    person = make_recipient()
    results = at_once(*[lambda: erase(person, by=CUSTOMER)] * 2)
    assert sum(isinstance(result, OutreachError) for result in results) == 1
    assert Suppression.objects.count() == 1


def test_a_sync_under_way_does_not_bring_the_person_back() -> None:
    for number in range(15):
        Contact.objects.bulk_create([Contact(first_name="Zita", email=f"zita{number}@example.com")])
    sweep()
    people = list(Recipient.objects.all())
    Contact.objects.update(first_name="Zitta")

    def erase_all() -> None:
        for person in people:
            erase(person, by=CUSTOMER)

    at_once(erase_all, sweep, sweep)
    sweep()
    assert found("zit") == set()
    assert Recipient.objects.count() == 15
    assert not RecipientAddress.objects.exists()


def test_what_others_write_at_the_same_time_leaves_no_way_to_reach_them() -> None:
    people = [make_recipient() for _ in range(20)]
    group, topic = make_group(), make_topic()

    def erase_all() -> None:
        for person in people:
            erase(person, by=CUSTOMER)

    def add_all() -> None:
        add_members(group, [person.pk for person in people], by=SYSTEM, reason="qzx")

    def grant_all() -> None:
        for person in people:
            grant(person, [topic], channel="email", source=Source.FORM, by=CUSTOMER)

    at_once(erase_all, add_all, grant_all)
    assert found("qzx") <= {"outreach_historyentry.note"}
    assert not group.memberships.exists()
