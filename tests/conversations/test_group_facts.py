"""Rules of groups that ask about what people answered (B3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from outreach.conversations.models import Conversation, Message
from outreach.groups.members import members_of
from outreach.ledger.models import Delivery
from outreach.recipients.models import Recipient
from tests.builders import make_recipient, start_campaign
from tests.groups.people import asks, make_rule_group

pytestmark = pytest.mark.django_db


def wrote(
    person: Recipient, *, ago: int = 0, delivery: Delivery | None = None, **fields: Any
) -> None:
    conversation = Conversation.objects.create(recipient=person, delivery=delivery, subject="Hello")
    Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        state=Message.State.RECEIVED,
        from_address="maria@example.com",
        to_address="us@example.com",
        text="Yes, please",
        at=timezone.now() - timedelta(days=ago),
        **fields,
    )


def found(*condition: Any) -> set[str]:
    group = make_rule_group(asks(*condition))
    names = {person.name for person in members_of(group)}
    group.delete()
    return names


def test_b3_when_they_last_wrote_to_us() -> None:
    wrote(make_recipient(name="Today"))
    wrote(make_recipient(name="Long ago"), ago=100)
    wrote(make_recipient(name="A machine"), is_automatic=True)
    make_recipient(name="Never")

    assert found("reply.last", "in_last", 90) == {"Today"}
    assert found("reply.last", "not_in_last", 90) == {"Long ago", "A machine", "Never"}
    assert found("reply.last", "longer_ago", 90) == {"Long ago"}
    assert found("reply.last", "empty") == {"A machine", "Never"}


def test_b3_who_answered_a_campaign() -> None:
    maria, piero = make_recipient(name="Maria"), make_recipient(name="Piero")
    run = start_campaign(maria, piero)
    wrote(maria, delivery=Delivery.objects.get(recipient=maria))
    wrote(piero)
    campaign = str(run.campaign_id)

    assert found("campaign.answered", "includes", campaign) == {"Maria"}
    assert found("campaign.answered", "excludes", campaign) == {"Piero"}
