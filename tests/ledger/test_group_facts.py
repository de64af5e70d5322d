"""Rules of groups that ask about the messages of campaigns (B3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from outreach.dispatch.claim import claim
from outreach.groups.members import members_of
from outreach.groups.rule import validate
from outreach.groups.sentence import sentence
from outreach.ledger.models import Attempt, Delivery, Run
from outreach.ledger.settle import note
from outreach.preferences.models import Topic
from outreach.recipients.models import Recipient, RecipientAddress
from tests.builders import make_address, make_recipient, make_topic, start_campaign
from tests.groups.people import asks, make_rule_group, rule_that

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def written_to(
    *ago: int, name: str = "", topic: Topic | None = None, outcome: str = "accepted"
) -> Recipient:
    """Somebody who got a message so many days ago, each of a campaign of its own."""
    person = make_recipient(name=name or f"{ago} days ago")
    for days in ago:
        run = start_campaign(person, topic=topic)
        Run.objects.filter(pk=run.pk).update(state=Run.State.DONE)
        delivery = Delivery.objects.get(run=run)
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.SENT, cap_on=None)
        Attempt.objects.create(
            delivery=delivery,
            number=1,
            outcome=outcome,
            handed_over_at=timezone.now() - timedelta(days=days),
        )
    return person


def found(*condition: Any) -> set[str]:
    group = make_rule_group(asks(*condition))
    names = {person.name for person in members_of(group)}
    group.delete()
    return names


@pytest.mark.parametrize(
    ("lookup", "value", "names"),
    [
        ("in_last", 30, {"today", "30 days", "both"}),
        ("not_in_last", 30, {"31 days", "never", "refused"}),
        ("longer_ago", 30, {"31 days"}),
        ("before", "2026-05-31", {"30 days", "31 days"}),
        ("after", "2026-05-30", {"today", "both"}),
        ("equals", "2026-05-01", {"30 days"}),
        ("equals", "2026-04-30", {"31 days"}),
        ("filled", None, {"today", "30 days", "31 days", "both"}),
        ("empty", None, {"never", "refused"}),
    ],
)
def test_b3_when_they_were_last_written_to(lookup: str, value: Any, names: set[str]) -> None:
    make_recipient(name="never")
    written_to(0, name="today")
    written_to(30, name="30 days")
    written_to(31, name="31 days")
    written_to(31, 0, name="both")
    written_to(1, name="refused", outcome="refused")

    assert found("message.last", lookup, value) == names


def test_b3_not_written_to_about_a_topic() -> None:
    tastings = make_topic("Tastings, 100% free", slug="tastings")
    written_to(5, name="Maria", topic=tastings)
    written_to(5, name="Ivan")

    assert found("message.topic.tastings", "not_in_last", 30) == {"Ivan"}
    assert found("message.topic.tastings", "in_last", 30) == {"Maria"}
    said = sentence(validate(rule_that(asks("message.topic.tastings", "in_last", 30))))
    assert said == ("People who were written to about “Tastings, 100% free” in the last 30 days.")


def test_b3_who_received_a_campaign_and_from_whom_it_came_back() -> None:
    maria, piero = make_recipient(name="Maria"), make_recipient(name="Piero")
    make_recipient(name="Ivan")
    run = start_campaign(maria, piero, name="Asti in May")
    first, second = claim(run).attempts
    note(first, "delivered", at=timezone.now())
    note(second, "hard_bounced", at=timezone.now())
    campaign = str(run.campaign_id)

    assert found("campaign.received", "includes", campaign) == {"Maria"}
    assert found("campaign.received", "excludes", campaign) == {"Piero", "Ivan"}
    assert found("message.bounced", "yes") == {"Piero"}
    assert found("message.bounced", "no") == {"Maria", "Ivan"}
    said = sentence(validate(rule_that(asks("campaign.received", "includes", campaign))))
    assert said == "People who received the campaign “Asti in May”."

    RecipientAddress.objects.filter(recipient=piero).update(address=make_address("new@example.com"))
    assert found("message.bounced", "yes") == set()


def test_a_campaign_that_was_never_sent_cannot_be_asked_about() -> None:
    run = start_campaign(make_recipient())
    Run.objects.update(started_at=None)

    with pytest.raises(Exception, match="nothing to choose from"):
        validate(rule_that(asks("campaign.received", "includes", str(run.campaign_id))))
