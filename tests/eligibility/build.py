"""A plain world written to the database; everything by few inserts, since thousands are tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from outreach.campaigns import models as campaigns
from outreach.eligibility.decide import house_date
from outreach.groups.models import ContactGroup, Membership
from outreach.ledger.models import Delivery, Run
from outreach.preferences import models as preferences
from outreach.preferences.fold import fold
from outreach.preferences.wish_models import Statement, StatementTopic, TopicFrequency
from outreach.recipients.models import Address, ContactLink, Recipient, RecipientAddress
from outreach.senders.models import Sender
from tests.eligibility.world import CHANNEL_OF, GROUPS, RULE_GROUP, TOPICS, World

KEY = 1000
"""The key of number 0 in each table, so that the same question is asked by the same SQL."""


@dataclass
class Built:
    """The rows of a world, each under its number."""

    world: World
    now: datetime
    topics: list[preferences.Topic]
    groups: list[ContactGroup]
    addresses: list[Address]
    people: list[Recipient]
    runs: list[Run]

    def at(self, hours: int | None) -> datetime | None:
        return None if hours is None else self.now + timedelta(hours=hours)

    def when(self, hours: int) -> datetime:
        return self.now + timedelta(hours=hours)


def build(world: World) -> Built:
    built = Built(world, timezone.now(), [], [], [], [], [])
    _make_what_there_is(built)
    _make_people(built)
    _make_acts(built)
    _make_what_stops(built)
    _make_what_was_said(built)
    _make_runs(built)
    _make_messages(built)
    return built


def _make_what_there_is(built: Built) -> None:
    house = built.world.house
    built.topics += preferences.Topic.objects.bulk_create(
        preferences.Topic(
            pk=KEY + number,
            slug=f"topic-{number}",
            name="Tastings",
            purpose=house.purpose,
            least_stage=house.least_stage,
            silent_after=house.topic_silent_after,
        )
        for number in TOPICS
    )
    kinds = ContactGroup.Kind
    built.groups += ContactGroup.objects.bulk_create(
        ContactGroup(
            pk=KEY + n,
            name=f"Group {n}",
            kind=kinds.RULE if n == RULE_GROUP else kinds.HAND,
        )
        for n in GROUPS
    )
    built.addresses += Address.objects.bulk_create(
        Address(pk=KEY + n, channel=channel, value=f"{n}", value_hash=f"{n}", normaliser=1)
        for n, channel in enumerate(CHANNEL_OF)
    )


def _make_people(built: Built) -> None:
    built.people += Recipient.objects.bulk_create(
        Recipient(
            pk=KEY + number,
            stage=each.stage,
            stage_since_at=built.when(each.stage_since),
            last_sign_at=built.at(each.last_sign),
            erased_at=built.now if each.is_erased else None,
        )
        for number, each in enumerate(built.world.people)
    )
    _insert(
        RecipientAddress(
            recipient=recipient,
            address=built.addresses[number],
            channel=CHANNEL_OF[number],
            position=[n for n in person.addresses if CHANNEL_OF[n] == CHANNEL_OF[number]].index(
                number
            ),
        )
        for recipient, person in zip(built.people, built.world.people, strict=True)
        for number in person.addresses
    )
    _insert(
        Membership(
            group=built.groups[each.group],
            recipient=built.people[each.person],
            added_at=built.when(each.since),
        )
        for each in built.world.members
    )
    _insert(
        ContactLink(
            source="crm.contact",
            contact_key=f"{number}",
            recipient=built.people[each.person],
            is_opted_out=each.is_marked,
            gone_at=built.now if each.is_gone else None,
        )
        for number, each in enumerate(built.world.links)
    )


def _make_acts(built: Built) -> None:
    records = preferences.ConsentRecord.objects.bulk_create(
        preferences.ConsentRecord(
            recipient=built.people[act.person],
            topic=built.topics[act.topic],
            channel=act.channel,
            act=act.act,
            source=act.source,
            basis="consent" if act.act == "grant" else "",
            at=built.when(act.at),
            valid_until=built.at(act.until),
            address=None if act.objects_at is None else built.addresses[act.objects_at],
        )
        for act in built.world.acts
    )
    last = {(row.recipient_id, row.topic_id, row.channel): row for row in records}
    if last:
        fold(last.values())
    _insert(
        preferences.Objection(address=row.address, topic=row.topic, record=row, since_at=row.at)
        for row in records
        if row.address_id
    )


def _make_what_stops(built: Built) -> None:
    _insert(
        preferences.Suppression(
            reason=stop.reason,
            recipient=None if stop.person is None else built.people[stop.person],
            address=None if stop.address is None else built.addresses[stop.address],
            channel=stop.channel,
            live_key=None if stop.is_lifted else f"{number}",
            lifted_at=built.now if stop.is_lifted else None,
            lifted_by="Anna" if stop.is_lifted else "",
            lift_reason="they came back" if stop.is_lifted else "",
        )
        for number, stop in enumerate(built.world.stops)
    )
    _insert(
        preferences.Pause(
            recipient=built.people[each.person],
            starts_at=built.when(each.starts),
            ends_at=built.when(each.ends),
            source="preference_page",
        )
        for each in built.world.breaks
    )
    _insert(
        TopicFrequency(
            recipient=built.people[each.person],
            topic=built.topics[each.topic],
            at_most=each.at_most,
        )
        for each in built.world.frequencies
    )


def _make_what_was_said(built: Built) -> None:
    statements = Statement.objects.bulk_create(
        Statement(
            recipient=built.people[each.person],
            text="Only internet, no minutes.",
            said_at=built.when(each.at),
            said_by="customer",
            source="preference_page",
            taken_back_at=built.now if each.is_taken_back else None,
        )
        for each in built.world.said
    )
    _insert(
        StatementTopic(
            statement=statement,
            topic=built.topics[said.topic],
            is_for=said.is_for,
            tied_by="Anna",
        )
        for statement, said in zip(statements, built.world.said, strict=True)
    )


def _make_runs(built: Built) -> None:
    world = built.world
    sender = Sender.objects.create(name="Anna", email="anna@example.com", phone="1")
    together = campaigns.Coordination.objects.bulk_create(
        campaigns.Coordination(pk=KEY + number, name=f"Spring {number}") for number in range(2)
    )
    rows = campaigns.Campaign.objects.bulk_create(
        campaigns.Campaign(
            pk=KEY + number,
            name=f"Campaign {number}",
            topic=built.topics[each.topic if number else 0],
            purpose=each.purpose,
            approach=each.approach,
            sender=sender,
            cap_reason=each.cap_reason,
            coordination=None if each.coordination is None else together[each.coordination],
            coordination_rank=each.rank,
        )
        for number, each in enumerate(world.campaigns)
    )
    _insert(
        campaigns.CampaignGroup(
            campaign=row, group=built.groups[group], is_left_out=group in each.left_out
        )
        for row, each in zip(rows, world.campaigns, strict=True)
        for group in (*each.groups, *each.left_out)
    )
    built.runs += Run.objects.bulk_create(
        Run(
            pk=row.pk,
            campaign=row,
            channel=world.channel,
            state="frozen",
            frozen_at=built.now,
            started_at=built.at(each.started),
        )
        for row, each in zip(rows, world.campaigns, strict=True)
    )


def _make_messages(built: Built) -> None:
    today = house_date(built.now)
    _insert(
        Delivery(
            run=run,
            recipient=built.people[each.person],
            address=built.addresses[each.address],
            channel=run.channel,
            state=each.state,
            reason="no_consent" if each.state == "excluded" else "",
            recipient_slot=None if is_out else built.people[each.person].pk,
            address_slot=None if is_out else built.addresses[each.address].pk,
            coordination_key=f"{run.campaign.coordination_id}"
            if each.is_coordinated and run.campaign.coordination_id
            else None,
            cap_on=None if each.counts_on is None else today + timedelta(days=each.counts_on),
            asks_to_go_on=each.asks,
            delivered_at=built.at(each.delivered),
        )
        for run, campaign in zip(built.runs, built.world.campaigns, strict=True)
        for each in campaign.messages
        for is_out in [each.state in ("excluded", "withdrawn")]
    )


def _insert(rows: Iterable[Any]) -> None:
    listed = list(rows)
    if listed:
        type(listed[0]).objects.bulk_create(listed)
