"""Reports that meet a retry, a stop or an end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outreach.campaigns.models import Campaign
from outreach.dispatch import hold
from outreach.dispatch.claim import claim
from outreach.dispatch.hand_over import release
from outreach.dispatch.send import send_run, sweep
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Attempt, Delivery, DeliveryEvent, Run
from outreach.ledger.settle import note
from outreach.recipients.models import ContactLink
from outreach.workplace.doctor import examine
from tests.builders import make_recipient, start_campaign
from tests.dispatch.providers import Provider

pytestmark = pytest.mark.django_db
Kind = DeliveryEvent.Kind


def nothing_is_violated() -> bool:
    return not any(finding.violations for finding in examine())


def report(attempt: Attempt, kind: str) -> None:
    note(attempt, kind, at=timezone.now())


def retry_is_due() -> None:
    due = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(state="soft_bounced").update(retry_at=due)


def test_statement_3_what_was_delivered_is_not_tried_again() -> None:
    send_run(start_campaign(make_recipient()))
    report(Attempt.objects.get(), Kind.SOFT_BOUNCED)
    report(Attempt.objects.get(), Kind.DELIVERED)
    retry_is_due()
    sweep()
    assert len(Provider.sent) == 1
    assert Run.objects.get().state == Run.State.DONE
    assert nothing_is_violated()


def test_a_late_report_of_the_first_attempt_leaves_the_second_alone() -> None:
    run = start_campaign(make_recipient())
    send_run(run)
    first = Attempt.objects.get()
    report(first, Kind.SOFT_BOUNCED)
    retry_is_due()
    claim(Run.objects.get())  # the worker that took it up dies here
    report(first, Kind.DELIVERED)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    sweep()
    assert set(Attempt.objects.values_list("outcome", flat=True)) >= {"accepted", "released"}
    assert nothing_is_violated()


def test_statement_2_a_stop_while_a_batch_is_under_way_leaves_nothing_open() -> None:
    run = start_campaign(make_recipient())
    taken = claim(run)
    hold.stop(run, by=SYSTEM, why="wrong date")
    release(taken)
    sweep()
    row = Delivery.objects.get()
    assert (row.state, row.cap_on, row.recipient_slot) == ("withdrawn", None, None)
    assert nothing_is_violated()


def test_statement_2_a_run_that_ended_too_early_is_taken_up_again() -> None:
    run = start_campaign(make_recipient())
    send_run(run)
    report(Attempt.objects.get(), Kind.SOFT_BOUNCED)
    Run.objects.update(state=Run.State.DONE)
    Campaign.objects.update(state=Campaign.State.SENT)
    hold.tidy()
    assert Run.objects.get().state == Run.State.SENDING


def test_who_left_the_crm_gets_nothing_more() -> None:
    person = make_recipient()
    link = ContactLink.objects.create(
        source="crm.contact", model_label="crm.Contact", contact_key="1", recipient=person
    )
    run = start_campaign(person)
    ContactLink.objects.filter(pk=link.pk).update(gone_at=timezone.now())
    sweep()
    assert Provider.sent == []
    assert Delivery.objects.get(run=run).reason == "gone"
