"""The ledger for many people at once, each of whom is locked and has refused nothing.

As in `consent`, the last act decides; refusals of addresses are not touched here, since there
are none: whoever calls has looked, under the same locks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record_each
from outreach.preferences.models import (
    Act,
    ConsentEvidence,
    ConsentRecord,
    Source,
    Subscription,
    Topic,
)
from outreach.recipients.models import Address, Recipient
from outreach.recipients.stages import Event, move
from outreach.signals import consent_changed, nudge


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one person asked for, where, and how we know."""

    recipient: Recipient
    address: Address | None
    source: str
    wording: str
    note: str


def grant_each(
    wishes: Sequence[Wish], topic: Topic, *, channel: str, by: Actor
) -> dict[int, ConsentRecord]:
    """Keep that each of these people asked for a topic (B1, B7); the records by person."""
    records = [
        ConsentRecord(
            recipient=wish.recipient,
            address=wish.address,
            topic=topic,
            channel=channel,
            act=Act.GRANT,
            source=wish.source,
            actor_key=by.key,
        )
        for wish in wishes
    ]
    _write(records)
    ConsentEvidence.objects.bulk_create(
        ConsentEvidence(record=record, wording=wish.wording, note=wish.note)
        for record, wish in zip(records, wishes, strict=True)
    )
    people = [wish.recipient for wish in wishes]
    move(Event.ASKED, Recipient.objects.filter(pk__in=[person.pk for person in people]))
    record_each(people, f"consent.{Act.GRANT}", by=by, note=topic.name)
    return {record.recipient_id: record for record in records}


def end_each(people: Sequence[Recipient], topic: Topic, *, channel: str) -> None:
    """Keep that what these people asked for was for a time, which is over. Nobody has refused."""
    _write(
        [
            ConsentRecord(
                recipient=person,
                topic=topic,
                channel=channel,
                act=Act.WITHDRAW,
                source=Source.EXPIRY,
            )
            for person in people
        ]
    )
    record_each(people, "consent.expired", by=SYSTEM, note=topic.name)


def _write(records: Sequence[ConsentRecord]) -> None:
    """Into the ledger, and folded; all are of one topic and channel."""
    at = timezone.now()
    for record in records:
        record.at = at
    ConsentRecord.objects.bulk_create(records)
    for record in records[:1]:
        Subscription.objects.filter(
            recipient__in=[each.recipient_id for each in records],
            topic=record.topic_id,
            channel=record.channel,
        ).delete()
    Subscription.objects.bulk_create(
        Subscription(
            recipient_id=record.recipient_id,
            topic_id=record.topic_id,
            channel=record.channel,
            is_granted=record.act == Act.GRANT,
            record=record,
            since_at=at,
        )
        for record in records
    )
    for record in records:
        nudge(consent_changed, recipient_id=record.recipient_id)
