"""Twenty at once that freeze, submit and refuse campaigns for the same people, on PostgreSQL.

Whatever the order, caps and coordinations hold (B10, C7, statements 1 and 7), and whoever was too
late is told so: there is no deadlock, and no error of the database.
"""

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection

from outreach.approvals.decide import ask_for_changes, refuse
from outreach.approvals.models import ApprovalRequest
from outreach.approvals.submit import submit
from outreach.audiences.freeze import freeze
from outreach.audiences.told_for import write_to_them_too
from outreach.campaigns.models import Campaign, Coordination
from outreach.exceptions import OutreachError
from outreach.groups.models import ContactGroup
from outreach.history.actor import SYSTEM, Actor
from outreach.ledger.models import Delivery
from outreach.preferences.models import Source
from outreach.preferences.statements import say, tie
from outreach.recipients.models import Recipient
from outreach.workplace.doctor import examine
from tests.at_once import at_once
from tests.builders import (
    make_actor,
    make_campaign,
    make_group,
    make_recipient,
    make_sender,
    make_topic,
    subscribe,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS, DEEDS, CAMPAIGNS = 20, 8, 8


@pytest.fixture(autouse=True)
def _nothing_is_violated() -> Iterator[None]:
    yield
    assert [finding.statement for finding in examine() if finding.violations] == []


@pytest.fixture
def people() -> list[Recipient]:
    """Thirty, of whom some share an address."""
    return [make_recipient(f"house{number % 24}@example.com") for number in range(30)]


def overlapping(people: list[Recipient], **fields: Any) -> list[Campaign]:
    """Campaigns about one topic, each for two thirds of the people."""
    topic, sender, draw = make_topic(), make_sender(), random.Random(5)
    for person in people:
        subscribe(person, topic)
    return [
        make_campaign(
            make_group(*draw.sample(people, 20)),
            topic=topic,
            sender=sender,
            coordination_rank=number % 3 + 1,
            **fields,
        )
        for number in range(CAMPAIGNS)
    ]


def everybody_at_it(campaigns: list[Campaign]) -> Counter[str]:
    """What was done how often, and "told" where somebody was told why not."""
    approver = make_actor("piotr")

    def one(seed: int) -> Counter[str]:
        draw, done = random.Random(seed), Counter[str]()
        for _number in range(DEEDS):
            deed, campaign = (
                draw.choice((frozen, submitted, given_back, refused)),
                draw.choice(campaigns),
            )
            try:
                done[deed.__name__] += deed(campaign, approver)
            except OutreachError:
                done["told"] += 1
        return done

    results = at_once(*[lambda seed=seed: one(seed) for seed in range(THREADS)], within=240)
    assert all(isinstance(each, Counter) for each in results)
    return sum((each for each in results if isinstance(each, Counter)), Counter[str]())


def frozen(campaign: Campaign, approver: Actor) -> bool:
    return bool(freeze(campaign, by=SYSTEM))


def submitted(campaign: Campaign, approver: Actor) -> bool:
    return bool(submit(campaign, by=Actor.of(campaign.author)))


def given_back(campaign: Campaign, approver: Actor) -> bool:
    return bool([
        ask_for_changes(request, by=approver, seen=request.fingerprint, comment="Shorter, please")
        for request in ApprovalRequest.objects.filter(campaign=campaign, state="open")
    ])  # fmt: skip


def refused(campaign: Campaign, approver: Actor) -> bool:
    """Only of every fourth campaign, as it ends it."""
    return campaign.pk % 4 == 0 and bool([
        refuse(request, by=approver, seen=request.fingerprint, comment="Not now")
        for request in ApprovalRequest.objects.filter(campaign=campaign, state="open")
    ])  # fmt: skip


def more_than_one(by: str, where: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by} FROM outreach_delivery WHERE {where} GROUP BY {by} HAVING COUNT(*) > 1"
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def test_statement_7_nobody_is_reserved_past_the_cap(people: list[Recipient]) -> None:
    done = everybody_at_it(overlapping(people))
    assert min(done["frozen"], done["submitted"], done["given_back"], done["told"]) > 0, done
    assert more_than_one("recipient_id", "cap_on IS NOT NULL") == []
    assert more_than_one("address_id", "cap_on IS NOT NULL") == []
    reserved = Delivery.objects.filter(cap_on__isnull=False).values("run__campaign__state")
    assert set(reserved.values_list("run__campaign__state", flat=True)) <= {"submitted"}


def test_b10_nobody_is_in_two_of_a_coordination(people: list[Recipient]) -> None:
    together = Coordination.objects.create(name="Spring in Asti")
    campaigns = overlapping(people, coordination=together, cap_reason="Each is told once.")
    done = everybody_at_it(campaigns)
    assert min(done["frozen"], done["submitted"], done["given_back"], done["told"]) > 0, done
    held = "coordination_key IS NOT NULL"
    assert more_than_one("coordination_key, recipient_id", held) == []
    assert not Delivery.objects.filter(
        coordination_key__isnull=False, run__campaign__state="draft"
    ).exists()


def test_d2_two_who_write_to_them_at_once_make_one_group(people: list[Recipient]) -> None:
    topic = make_topic("Internet")
    for person in people[:3]:
        said = say(person, "I want internet offers.", source=Source.PHONE, by=make_actor())
        tie(said, wanted=[topic], channels=["email"], by=make_actor())
    campaigns = [make_campaign(topic=topic) for _ in range(4)]
    press = [partial(write_to_them_too, campaign, by=make_actor()) for campaign in campaigns]
    assert at_once(*press) == [3] * 4
    assert ContactGroup.objects.filter(name__contains="Internet").count() == 1
