"""The ledger for many people at once, each of whom is locked and has refused nothing.

As in `consent`, the last act decides; refusals of addresses are not touched here, since there
are none: whoever calls has looked, under the same locks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record_each
from outreach.preferences.evidence import Proof, keep_evidence
from outreach.preferences.fold import fold
from outreach.preferences.how_long import counts_until
from outreach.preferences.models import Act, Basis, ConsentRecord, Source, Subscription, Topic
from outreach.recipients.models import Address, Recipient
from outreach.recipients.stages import Event, move
from outreach.signals import consent_changed, nudge


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one person asked for, where, when, and how we know."""

    recipient: Recipient
    address: Address | None
    source: str
    proof: Proof
    given_on: date | None = None


def grant_each(
    wishes: Sequence[Wish],
    topic: Topic,
    *,
    channel: str,
    by: Actor,
    basis: str = Basis.INTEREST,
    valid_until: datetime | None = None,
) -> dict[int, ConsentRecord]:
    """Keep that each of these people asked for a topic (B1, B7); the acts by person.

    Raises Refused, as `consent.grant`, where the time of one would be over already.
    """
    at = timezone.now()
    acts = [
        ConsentRecord(
            recipient=wish.recipient,
            address=wish.address,
            topic=topic,
            channel=channel,
            act=Act.GRANT,
            source=wish.source,
            basis=basis,
            wording=wish.proof.ours,
            given_on=wish.given_on,
            valid_until=counts_until(topic, at, given_on=wish.given_on, until=valid_until),
            at=at,
            actor_key=by.key,
        )
        for wish in wishes
    ]
    _write(acts)
    keep_evidence(zip(acts, (wish.proof for wish in wishes), strict=True))
    people = [wish.recipient for wish in wishes]
    move(Event.ASKED, Recipient.objects.filter(pk__in=[person.pk for person in people]))
    record_each(people, f"consent.{Act.GRANT}", by=by, note=topic.name)
    return {act.recipient_id: act for act in acts}


def expire_each(over: Sequence[Subscription]) -> None:
    """Keep that these wishes were for a time, which is over. Nobody has refused."""
    at = timezone.now()
    _write(
        [
            ConsentRecord(
                recipient=wish.recipient,
                topic=wish.topic,
                channel=wish.channel,
                act=Act.EXPIRE,
                source=Source.EXPIRY,
                at=at,
            )
            for wish in over
        ]
    )
    names = [wish.topic.name for wish in over]
    record_each([wish.recipient for wish in over], "consent.expired", by=SYSTEM, note=names)


def _write(acts: Sequence[ConsentRecord]) -> None:
    ConsentRecord.objects.bulk_create(acts)
    fold(acts)
    for act in acts:
        nudge(consent_changed, recipient_id=act.recipient_id)
