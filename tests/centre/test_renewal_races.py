"""Nobody is asked twice: two processes at once, and one that is killed, on PostgreSQL."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from outreach.centre import send_renewals
from outreach.history.actor import CUSTOMER
from outreach.history.models import HistoryEntry
from outreach.preferences import renewal
from outreach.preferences.models import RenewalRequest, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from tests.builders import make_recipient, make_sender, make_topic
from tests.centre.renewals import wish
from tests.conversations.test_races import together
from tests.dispatch.dying_worker import die_after
from tests.dispatch.providers import Provider

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WORK = """
from outreach.centre import send_renewals
send_renewals.sweep()
"""


@pytest.fixture(autouse=True)
def _provider() -> object:
    Provider.sent.clear()
    path = "tests.dispatch.providers.Provider"
    with override_settings(OUTREACH={**settings.OUTREACH, "MAILER": path}):
        yield


def about_to_end(people: int) -> list[Recipient]:
    make_sender()
    with time_machine.travel(timezone.now() - timedelta(days=340)):
        topic = make_topic(valid_for=365)
        found = [make_recipient() for _number in range(people)]
        for person in found:
            wish(person, topic)
    renewal.sweep()
    return found


def test_two_sweeps_at_once_write_to_each_person_once() -> None:
    about_to_end(12)
    together(send_renewals.sweep, send_renewals.sweep)
    asked = [to for mail in Provider.sent for to in mail.to]
    assert len(asked) == len(set(asked)) == 12
    assert HistoryEntry.objects.filter(verb="consent.renewal_asked").count() == 12


def test_a_killed_worker_leaves_one_letter_unknown_and_none_sent_twice() -> None:
    about_to_end(8)
    die_after(3, in_the_middle_of=WORK)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert send_renewals.sweep() == 4, "three had theirs, and one may have"
        assert send_renewals.sweep() == 0
    letters = RenewalRequest.objects.values_list("letter", flat=True)
    assert sorted(letters) == ["sent"] * 7 + ["unknown"]


def test_statement_4_who_stops_us_before_the_claim_gets_no_letter() -> None:
    people = about_to_end(10)
    together(
        lambda: [
            suppress(reason=Suppression.Reason.UNSUBSCRIBED, by=CUSTOMER, recipient=person)
            for person in reversed(people)
        ],
        send_renewals.sweep,
    )
    stopped = dict(Suppression.objects.values_list("recipient", "since_at"))
    for row in RenewalRequest.objects.filter(asked_at__isnull=False):
        assert row.asked_at is not None
        assert row.asked_at < stopped[row.record.recipient_id]
