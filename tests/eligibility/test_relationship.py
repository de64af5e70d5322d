"""Rules about how well we know each other, and how much somebody has let pass (A4, A8, D3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from outreach.audiences.freeze import freeze
from outreach.campaigns.approach import Approach
from outreach.campaigns.models import Campaign
from outreach.dispatch.claim import claim
from outreach.dispatch.start import start
from outreach.eligibility.decide import REASON, decide_for, may_contact, question_of, with_reason
from outreach.groups.models import ContactGroup
from outreach.history.actor import CUSTOMER, SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Purpose, Source, Topic
from outreach.recipients.models import Channel, Recipient, Stage
from outreach.recipients.stages import Event, happened
from tests.builders import (
    address_of,
    approve_campaign,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)

pytestmark = pytest.mark.django_db


def codes(recipient: Recipient, topic: Topic, channel: str = Channel.EMAIL) -> list[str]:
    return [rule.code for rule in may_contact(recipient, topic, channel).refused_by]


def codes_in(run: Run, recipient: Recipient) -> list[str]:
    """For one person, after making sure that the decision for many agrees."""
    question = question_of(run)
    found = [rule.code for rule in decide_for(recipient, question).refused_by]
    many = dict(with_reason(Recipient.objects.all(), question).values_list("pk", REASON))
    assert many[recipient.pk] == (found[0] if found else "")
    return found


def delivered(recipient: Recipient, topic: Topic, days_ago: int, **fields: Any) -> Delivery:
    """A message about the topic that arrived so many days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    campaign_fields = {name: fields.pop(name) for name in ("approach",) if name in fields}
    groups = fields.pop("groups", ())
    campaign = make_campaign(*groups, topic=topic, **campaign_fields)
    run = Run.objects.create(
        campaign=campaign, channel=Channel.EMAIL, state="done", frozen_at=at, started_at=at
    )
    address = address_of(recipient)
    return Delivery.objects.create(
        run=run, recipient=recipient, address=address, channel=Channel.EMAIL, state="delivered",
        recipient_slot=recipient.pk, address_slot=address.pk, cap_on=at.date(), delivered_at=at,
        **fields,
    )  # fmt: skip


def somebody(**fields: Any) -> tuple[Recipient, Topic]:
    """Who asked for the topic long ago, and has said nothing since."""
    recipient, topic = make_recipient(**fields), make_topic()
    subscribe(recipient, topic)
    long_ago = timezone.now() - timedelta(days=300)
    Recipient.objects.filter(pk=recipient.pk).update(
        last_sign_at=long_ago, stage_since_at=long_ago, stage=fields.get("stage", Stage.CUSTOMER)
    )
    recipient.refresh_from_db()
    return recipient, topic


@pytest.mark.parametrize(
    ("stage", "threshold", "refused"),
    [
        (Stage.STRANGER, Stage.INTRODUCED, True),
        (Stage.INTRODUCED, Stage.INTRODUCED, False),
        (Stage.LAPSED, Stage.ACQUAINTED, True),
        (Stage.ACQUAINTED, Stage.ACQUAINTED, False),
        (Stage.ACQUAINTED, Stage.CUSTOMER, True),
        (Stage.CUSTOMER, Stage.CUSTOMER, False),
    ],
)
def test_a4_a_topic_asks_how_well_we_know_each_other(
    stage: str, threshold: str, *, refused: bool
) -> None:
    recipient, topic = somebody(stage=stage)
    Topic.objects.filter(pk=topic.pk).update(least_stage=threshold)
    topic.refresh_from_db()
    assert codes(recipient, topic) == (["too_new"] if refused else [])


def test_c3_a_wish_for_one_channel_is_none_for_another() -> None:
    recipient, topic = make_recipient(), make_topic()
    subscribe(recipient, topic, channel=Channel.POST)
    assert codes(recipient, topic) == ["other_channel", "no_consent"]


def test_d3_a_topic_falls_silent_once_it_was_asked_whether_to_go_on() -> None:
    recipient, topic = somebody()
    for days in (200, 170, 140, 110):
        delivered(recipient, topic, days)
    assert codes(recipient, topic) == []
    delivered(recipient, topic, 80, asks_to_go_on=True)
    assert codes(recipient, topic) == ["silent"]
    assert codes(recipient, make_topic("Another")) == ["no_consent"]


@pytest.mark.parametrize("event", [Event.WROTE, Event.ORDERED, Event.CHOSE])
def test_d3_any_sign_of_life_begins_it_again(event: Event) -> None:
    recipient, topic = somebody()
    delivered(recipient, topic, 80, asks_to_go_on=True)
    happened(event, [recipient.pk])
    assert codes(recipient, topic) == []


def test_d3_a_message_is_not_ignored_before_there_was_time_to_react() -> None:
    recipient, topic = somebody()
    delivered(recipient, topic, 29, asks_to_go_on=True)
    assert codes(recipient, topic) == []


@pytest.mark.parametrize(("ignored", "asks"), [(0, False), (3, False), (4, True), (6, True)])
def test_d3_the_last_message_before_silence_asks_once(ignored: int, *, asks: bool) -> None:
    recipient, topic = somebody()
    for number in range(ignored):
        delivered(recipient, topic, 200 - number * 20)
    campaign = make_campaign(make_group(recipient), topic=topic)
    approve_campaign(campaign)
    run = start(campaign, by=SYSTEM)
    claim(run)
    assert Delivery.objects.get(run=run, recipient=recipient).asks_to_go_on is asks


def test_d3_whoever_lapsed_is_won_back_a_few_times_and_then_left_in_peace() -> None:
    recipient, topic = somebody(stage=Stage.LAPSED)
    for days in (250, 200):
        delivered(recipient, topic, days)
    assert codes(recipient, topic) == []
    delivered(recipient, topic, 150)
    assert codes(recipient, topic) == ["won_back"]
    with override_settings(OUTREACH={**settings.OUTREACH, "WIN_BACKS": 4}):
        assert codes(recipient, topic) == []


def sale_for(group: ContactGroup, topic: Topic, recipient: Recipient) -> Run:
    campaign = make_campaign(group, topic=topic, approach=Approach.SALE)
    return freeze(campaign, by=SYSTEM)


def test_a8_the_first_message_in_a_group_is_no_sale() -> None:
    recipient, topic = somebody()
    group = make_group(recipient)
    run = sale_for(group, topic, recipient)
    assert codes_in(run, recipient) == ["first_not_sale"]
    assert not run.included


def test_a8_a_sale_before_it_does_not_count_and_an_invitation_does() -> None:
    recipient, topic = somebody()
    group = make_group(recipient)
    group.memberships.update(added_at=timezone.now() - timedelta(days=100))
    run = sale_for(group, topic, recipient)
    delivered(recipient, topic, 40, groups=[group], approach=Approach.SALE)
    assert codes_in(run, recipient) == ["first_not_sale"]
    delivered(recipient, topic, 20, groups=[group], approach=Approach.INVITATION)
    assert codes_in(run, recipient) == []


def test_a8_what_came_before_they_joined_does_not_count() -> None:
    recipient, topic = somebody()
    group = make_group(recipient)
    delivered(recipient, topic, 20, groups=[group], approach=Approach.INVITATION)
    assert codes_in(sale_for(group, topic, recipient), recipient) == ["first_not_sale"]


def test_c7_a_written_reason_passes_the_weekly_limit() -> None:
    recipient, topic = somebody()
    delivered(recipient, topic, 2)
    campaign = make_campaign(make_group(recipient), topic=topic)
    assert not freeze(campaign, by=SYSTEM).included
    Campaign.objects.filter(pk=campaign.pk).update(cap_reason="The harvest feast is tomorrow.")
    assert freeze(Campaign.objects.get(pk=campaign.pk), by=SYSTEM).included == 1


def test_c4_routine_messages_do_not_ask_how_well_we_know_each_other() -> None:
    stranger = make_recipient(stage=Stage.STRANGER)
    topic = make_topic("Your orders", purpose=Purpose.ROUTINE)
    assert codes(stranger, topic) == []


def test_a_refusal_is_a_sign_of_life_and_still_a_refusal() -> None:
    recipient, topic = somebody()
    delivered(recipient, topic, 80, asks_to_go_on=True)
    withdraw(recipient, [topic], channel="email", source=Source.PREFERENCE_PAGE, by=CUSTOMER)
    assert codes(recipient, topic) == ["opted_out", "no_consent"]


def test_d3_a_topic_that_bears_more_is_not_silent_before() -> None:
    recipient, topic = somebody()
    for days in (200, 170, 140, 110):
        delivered(recipient, topic, days)
    delivered(recipient, topic, 80, asks_to_go_on=True)
    topic.silent_after = 6
    assert codes(recipient, topic) == []
    delivered(recipient, topic, 50)
    assert codes(recipient, topic) == ["silent"]


def test_b1_a_wish_that_is_over_counts_nowhere_before_that_is_noted() -> None:
    recipient, topic = make_recipient(), make_topic()
    for channel in (Channel.EMAIL, Channel.POST):
        subscribe(recipient, topic, channel=channel)
    over = timezone.now() - timedelta(minutes=1)
    recipient.subscriptions.filter(channel=Channel.EMAIL).update(valid_until=over)
    assert codes(recipient, topic) == ["other_channel", "no_consent"]
    recipient.subscriptions.update(valid_until=over)
    assert codes(recipient, topic) == ["no_consent"]
