"""The only writer of the consent ledger and of what is folded from it (statement 8)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.models import (
    Act,
    ConsentEvidence,
    ConsentRecord,
    Objection,
    Source,
    Subscription,
    Topic,
)
from outreach.preferences.passed_on import refusals_passed_on
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address, Recipient, RecipientAddress
from outreach.recipients.stages import Event, happened
from outreach.signals import consent_changed, nudge

OWN_HAND = (Source.PREFERENCE_PAGE, Source.FORM)
"""Where a person chooses for themselves, and nobody writes it down for them."""

NO_SIGN = (Source.HOST_FLAG, Source.EXPIRY, Source.PROVIDER)
"""Where nobody did anything just now."""


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

    With an `address`, what was refused there for these topics before is taken back, whoever
    refused it; without one, what this person refused. By their own hand it takes back, too, what
    contacts refused that the CRM merged into this one.
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
    """Keep that a person no longer wants these topics.

    It binds every address that they have on the channel, and `address`: a merge in the CRM may
    leave any of them to another contact.
    """
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
        lock_with_addresses(recipient.pk, [address.pk] if address else [])
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
        _settle_objections(records, at)
        if source not in NO_SIGN:
            happened(Event.ASKED if act == Act.GRANT else Event.CHOSE, [recipient.pk])
        record(recipient, f"consent.{act}", by=by, note=", ".join(r.topic.name for r in records))
        nudge(consent_changed, recipient_id=recipient.pk)


def _fold(records: list[ConsentRecord], at: datetime) -> None:
    """The last act decides."""
    for row in records[:1]:  # all are of one person and channel
        Subscription.objects.filter(
            recipient=row.recipient_id,
            channel=row.channel,
            topic__in=[record.topic_id for record in records],
        ).delete()
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


def _settle_objections(records: list[ConsentRecord], at: datetime) -> None:
    """What the act makes of the refusals that bind addresses."""
    if not records or records[0].source == Source.EXPIRY:  # nobody refused anything
        return
    topics = [record.topic_id for record in records]
    first = records[0]
    if first.act == Act.GRANT:
        for refusals in _taken_back(first):
            Objection.objects.filter(pk__in=refusals.filter(topic__in=topics).values("pk")).delete()
        return
    bound = set(_held_by(first).values_list("address", flat=True))
    bound |= {first.address_id} if first.address_id else set()
    Objection.objects.filter(address__in=bound, topic__in=topics).delete()
    Objection.objects.bulk_create(
        [
            Objection(address_id=address, topic_id=row.topic_id, record=row, since_at=at)
            for row in records
            for address in sorted(bound)
        ]
    )


def _taken_back(wish: ConsentRecord) -> Iterator[QuerySet[Objection]]:
    on_channel = Objection.objects.filter(address__channel=wish.channel)
    if wish.address_id:
        yield on_channel.filter(address=wish.address_id)
    else:
        yield on_channel.filter(record__recipient=wish.recipient_id)
    if wish.source in OWN_HAND:
        yield refusals_passed_on(wish.recipient).filter(address__channel=wish.channel)


def _held_by(record: ConsentRecord) -> QuerySet[RecipientAddress]:
    return RecipientAddress.objects.filter(recipient=record.recipient_id, channel=record.channel)
