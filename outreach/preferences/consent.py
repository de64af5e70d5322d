"""The writer of the consent ledger for one person, and of what follows from an act (statement 8).

`consent_of_many` is its like for many people at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.evidence import Origin, Proof, keep_evidence
from outreach.preferences.fold import fold
from outreach.preferences.how_long import counts_until
from outreach.preferences.models import (
    Act,
    Basis,
    ConsentRecord,
    Objection,
    Source,
    Topic,
    Wording,
)
from outreach.preferences.passed_on import refusals_passed_on
from outreach.preferences.refused import has_refused
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Address, Recipient, RecipientAddress
from outreach.recipients.stages import Event, happened, move
from outreach.signals import consent_changed, nudge

OWN_HAND = (Source.PREFERENCE_PAGE, Source.FORM)
"""Where a person chooses for themselves, and nobody writes it down for them."""

BROUGHT_IN = (Source.IMPORT, Source.HOST_FLAG, Source.PROVIDER)
"""Where nobody has spoken to the person just now: it never takes back a refusal (B1)."""


def grant(
    recipient: Recipient,
    topics: Iterable[Topic],
    *,
    channel: str,
    source: str,
    by: Actor,
    address: Address | None = None,
    wording: str | Wording = "",
    note: str = "",
    basis: str = Basis.CONSENT,
    given_on: date | None = None,
    valid_until: datetime | None = None,
    origin: Origin | None = None,
) -> list[ConsentRecord]:
    """Keep that a person asked for these topics on a channel, in which words (B1, B7).

    With an `address`, what was refused there for these topics before is taken back, whoever
    refused it; without one, what this person refused. By their own hand it takes back, too, what
    contacts refused that the CRM merged into this one. What is BROUGHT_IN takes nothing back:
    topics that this person refused are passed over.

    `wording` is a `Wording` where the words are ours, which stay, or text where they are the
    person's own, which can be erased. `given_on` is the day on which they said it, if not today.
    It counts until `valid_until`, or for as many days as the topic says, or until a refusal.
    Returns the acts. Raises Refused where its time would be over already.
    """
    at = timezone.now()
    proof = Proof(wording=wording, note=note, origin=origin)
    with transaction.atomic():
        lock_with_addresses(recipient.pk, [address.pk] if address else [])
        wanted = list(dict.fromkeys(topics))
        if source in BROUGHT_IN:
            wanted = _without_refused(wanted, recipient, channel)
        acts = [
            ConsentRecord(
                recipient=recipient,
                address=address,
                topic=topic,
                channel=channel,
                act=Act.GRANT,
                source=source,
                basis=basis,
                given_on=given_on,
                valid_until=counts_until(topic, at, given_on=given_on, until=valid_until),
            )
            for topic in wanted
        ]
        _write(acts, proof, at, by)
    return acts


def withdraw(
    recipient: Recipient,
    topics: Iterable[Topic],
    *,
    channel: str,
    source: str,
    by: Actor,
    address: Address | None = None,
    wording: str | Wording = "",
    note: str = "",
    given_on: date | None = None,
    origin: Origin | None = None,
) -> list[ConsentRecord]:
    """Keep that a person no longer wants these topics; returns the acts.

    It binds every address that they have on the channel, and `address`: a merge in the CRM may
    leave any of them to another contact.
    """
    with transaction.atomic():
        lock_with_addresses(recipient.pk, [address.pk] if address else [])
        acts = [
            ConsentRecord(
                recipient=recipient,
                address=address,
                topic=topic,
                channel=channel,
                act=Act.WITHDRAW,
                source=source,
                given_on=given_on,
            )
            for topic in dict.fromkeys(topics)
        ]
        _write(acts, Proof(wording=wording, note=note, origin=origin), timezone.now(), by)
    return acts


def _write(acts: Sequence[ConsentRecord], proof: Proof, at: datetime, by: Actor) -> None:
    """All of one person, channel and act, who is locked."""
    if not acts:
        return
    for act in acts:
        act.at, act.actor_key, act.wording = at, by.key, proof.ours
    ConsentRecord.objects.bulk_create(acts)
    keep_evidence((act, proof) for act in acts)
    fold(acts)
    _settle_objections(acts, at)
    first = acts[0]
    _move_stage(first)
    topics = ", ".join(act.topic.name for act in acts)
    record(first.recipient, f"consent.{first.act}", by=by, note=topics)
    nudge(consent_changed, recipient_id=first.recipient_id)


def _move_stage(act: ConsentRecord) -> None:
    """A choice is a sign of life, unless it was brought in from somewhere (A4)."""
    event = Event.ASKED if act.act == Act.GRANT else Event.CHOSE
    if act.source in BROUGHT_IN:
        move(event, Recipient.objects.filter(pk=act.recipient_id))
    else:
        happened(event, [act.recipient_id])


def _without_refused(topics: list[Topic], recipient: Recipient, channel: str) -> list[Topic]:
    """Those of the topics to which this person did not say no."""
    people = Recipient.objects.filter(pk=recipient.pk)
    about = people.filter(has_refused(OuterRef("pk"), OuterRef(OuterRef("pk")), channel))
    refused = set(
        Topic.objects.filter(pk__in=[topic.pk for topic in topics])
        .filter(Exists(about))
        .values_list("pk", flat=True)
    )
    return [topic for topic in topics if topic.pk not in refused]


def _settle_objections(acts: Sequence[ConsentRecord], at: datetime) -> None:
    """What the acts make of the refusals that bind addresses."""
    topics = [act.topic_id for act in acts]
    first = acts[0]
    if first.act == Act.GRANT:
        for refusals in _taken_back(first):
            Objection.objects.filter(pk__in=refusals.filter(topic__in=topics).values("pk")).delete()
        return
    bound = set(_held_by(first).values_list("address", flat=True))
    bound |= {first.address_id} if first.address_id else set()
    Objection.objects.filter(address__in=bound, topic__in=topics).delete()
    Objection.objects.bulk_create(
        [
            Objection(address_id=address, topic_id=act.topic_id, record=act, since_at=at)
            for act in acts
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


def _held_by(act: ConsentRecord) -> QuerySet[RecipientAddress]:
    return RecipientAddress.objects.filter(recipient=act.recipient_id, channel=act.channel)
