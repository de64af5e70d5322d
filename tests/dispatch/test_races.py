"""Two at once, with real threads on PostgreSQL. After each, the doctor finds no violation."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db.models import Count, QuerySet
from django.test import override_settings

from outreach.approvals.decide import approve, refuse
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.campaigns.models import Campaign
from outreach.dispatch.claim import claim
from outreach.dispatch.send import send_run
from outreach.exceptions import OutreachError
from outreach.history.actor import CUSTOMER, Actor
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Source
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import examine
from tests.at_once import at_once
from tests.builders import (
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    start_campaign,
    subscribe,
)
from tests.dispatch.providers import Provider

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _nothing_is_violated() -> Iterator[None]:
    yield
    assert [finding.statement for finding in examine() if finding.violations] == []


def test_workers_share_a_run_and_nobody_gets_it_twice() -> None:
    run = start_campaign(*[make_recipient() for _ in range(120)])
    at_once(*[lambda: send_run(Run.objects.get(pk=run.pk)) for _ in range(6)])
    addressed = [message.to[0] for message in Provider.sent]
    assert len(addressed) == len(set(addressed)) == 120
    assert Attempt.objects.count() == 120


def test_statement_4_no_claim_after_an_opt_out() -> None:
    people = [make_recipient() for _ in range(100)]
    topic = make_topic()
    run = start_campaign(*people, topic=topic)

    def opt_out(person: Recipient) -> None:
        withdraw(person, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)

    def everybody_leaves() -> None:
        for person in reversed(people):
            opt_out(person)

    def claim_all() -> int:
        claimed = 0
        while not (taken := claim(Run.objects.get(pk=run.pk))).is_empty:
            claimed += len(taken.attempts)
        return claimed

    at_once(everybody_leaves, claim_all, claim_all)
    gone = Delivery.objects.filter(run=run, reason="opted_out").count()
    assert gone + Attempt.objects.count() == 100


def frozen_campaign(*people: Recipient) -> Campaign:
    topic = make_topic()
    for person in people:
        subscribe(person, topic)
    campaign = make_campaign(make_group(*people), topic=topic)
    freeze(campaign, by=Actor.of(campaign.author))
    return campaign


def test_statement_7_campaigns_submitted_at_once_never_share_a_person() -> None:
    people = [make_recipient() for _ in range(20)]
    campaigns = [frozen_campaign(*people) for _ in range(8)]
    at_once(*[lambda c=c: submit(c, by=Actor.of(c.author)) for c in campaigns])
    reserved = Delivery.objects.filter(cap_on__isnull=False)
    assert reserved.count() == reserved.values("recipient").distinct().count() == 20


def test_c7_of_runs_claimed_at_once_nobody_gets_two_messages() -> None:
    """Runs that were reserved while the house allowed many, and are sent when it allows one."""
    people = [make_recipient(f"house{n % 40}@example.com") for n in range(60)]
    topic, many = make_topic(), {**settings.OUTREACH, "CAP_MESSAGES": 99, "CLAIM_SIZE": 7}
    with override_settings(OUTREACH=many):
        runs = [start_campaign(*people, topic=topic) for _ in range(4)]

    def claim_all(run: Run) -> None:
        while not claim(Run.objects.get(pk=run.pk)).is_empty:
            pass

    with override_settings(OUTREACH={**many, "CAP_MESSAGES": 1}):
        at_once(*[lambda run=run: claim_all(run) for run in runs * 5], within=120)
    claimed = Delivery.objects.filter(state="claimed")
    assert not [*past("recipient", claimed), *past("address", claimed)]
    assert claimed.count() == Attempt.objects.count() == 40
    assert not Delivery.objects.filter(state="planned").exists()


def past(by: str, rows: QuerySet[Delivery]) -> list[int]:
    """Whom more than one of these rows is for."""
    counted = rows.order_by().values(by).annotate(count=Count("pk")).filter(count__gt=1)
    return list(counted.values_list(by, flat=True))


def test_two_approvers_at_once_decide_once() -> None:
    campaign = frozen_campaign(make_recipient())
    request = submit(campaign, by=Actor.of(campaign.author))
    one, other = make_actor("piotr"), make_actor("elena")
    results = at_once(
        lambda: approve(request, by=one, seen=request.fingerprint),
        lambda: refuse(request, by=other, seen=request.fingerprint, comment="no"),
    )
    assert sum(isinstance(result, OutreachError) for result in results) == 1
    assert request.decisions.count() == 1
