"""The only writer of the consent ledger and of what is folded from it (statement 8)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.models import (
    Act,
    ConsentEvidence,
    ConsentRecord,
    Objection,
    Subscription,
    Topic,
)
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Address, Recipient
from outreach.signals import consent_changed, nudge


def grant(
    recipient: Recipient,
    topics: Iterable[Topic],
    *,
    channel: str,
    source: str,
    by: Actor,
    address: Address | None = None,
    wording: str = "",
    note: str = "",
) -> None:
    """Keep that a person asked for these topics on a channel, in which words (B1, B7).

    With an `address`, what was refused there for these topics before is taken back.
    """
    _write(Act.GRANT, recipient, topics, channel, source, by, address, wording, note)


def withdraw(
    recipient: Recipient,
    topics: Iterable[Topic],
    *,
    channel: str,
    source: str,
    by: Actor,
    address: Address | None = None,
    wording: str = "",
    note: str = "",
) -> None:
    """Keep that a person no longer wants these topics; with an `address`, bind that too."""
    _write(Act.WITHDRAW, recipient, topics, channel, source, by, address, wording, note)


def _write(
    act: Act,
    recipient: Recipient,
    topics: Iterable[Topic],
    channel: str,
    source: str,
    by: Actor,
    address: Address | None,
    wording: str,
    note: str,
) -> None:
    with transaction.atomic():
        lock_people([recipient.pk], [address.pk] if address else [])
        at = timezone.now()
        records = [
            ConsentRecord(
                recipient=recipient,
                address=address,
                topic=topic,
                channel=channel,
                act=act,
                source=source,
                at=at,
                actor_key=by.key,
            )
            for topic in topics
        ]
        ConsentRecord.objects.bulk_create(records)
        if wording or note:
            ConsentEvidence.objects.bulk_create(
                [ConsentEvidence(record=row, wording=wording, note=note) for row in records]
            )
        _fold(records, at)
        record(recipient, f"consent.{act}", by=by, note=", ".join(r.topic.name for r in records))
        nudge(consent_changed, recipient_id=recipient.pk)


def _fold(records: list[ConsentRecord], at: datetime) -> None:
    """The last act decides, for the person and for the address it came from."""
    for row in records[:1]:  # all are of one person, channel and address
        topics = [record.topic_id for record in records]
        Subscription.objects.filter(
            recipient=row.recipient_id, channel=row.channel, topic__in=topics
        ).delete()
        Objection.objects.filter(address=row.address_id, topic__in=topics).delete()
    Subscription.objects.bulk_create(
        [
            Subscription(
                recipient_id=row.recipient_id,
                topic_id=row.topic_id,
                channel=row.channel,
                is_granted=row.act == Act.GRANT,
                record=row,
                since_at=at,
            )
            for row in records
        ]
    )
    Objection.objects.bulk_create(
        [
            Objection(address_id=row.address_id, topic_id=row.topic_id, record=row, since_at=at)
            for row in records
            if row.address_id and row.act == Act.WITHDRAW
        ]
    )
