"""What somebody refused stays at the address they leave, and goes along to the next one.

The CRM may import an old address again, or give it to another contact, without a word to us.
"""

from collections import defaultdict
from collections.abc import Sequence

from outreach.history.actor import SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Objection, Source, Suppression, Topic
from outreach.preferences.passed_on import refusals_left, stops_left, stops_of_the_gone
from outreach.preferences.suppress import suppress, suppress_addresses
from outreach.preferences.wanted import refused
from outreach.recipients.models import Address, ContactLink, Recipient
from outreach.recipients.moves import Move

Reason = Suppression.Reason

LASTING = (Reason.UNSUBSCRIBED, Reason.COMPLAINT, Reason.MANUAL)
"""Stops of a person, as opposed to an address that does not exist."""

LEFT = "The person who had this address in the CRM wants no messages."
TAKEN_ALONG = "Asked for at an address that this person had before."


def bind_moves(moves: Sequence[Move]) -> None:
    """Bind each address that somebody left or came to by what they refused."""
    left = [move for move in moves if move.is_left]
    if left:
        _take_along(left)
        _leave_stops(left)
    _object(moves)


def _take_along(left: Sequence[Move]) -> None:
    """What bound people by way of addresses they leave becomes their own."""
    refusals, reasons = _refused_at(left), _stopped_at(left)
    concerned = refusals.keys() | reasons.keys()
    people = Recipient.objects.in_bulk([m.recipient_id for m in left if m.address_id in concerned])
    already = set(
        refused().filter(recipient__in=list(people)).values_list("recipient", "channel", "topic")
    )
    for move in left:
        if move.address_id not in concerned:
            continue
        person = people[move.recipient_id]
        topics = [
            topic
            for topic in refusals[move.address_id]
            if (person.pk, move.channel, topic.pk) not in already
        ]
        if topics:
            already |= {(person.pk, move.channel, topic.pk) for topic in topics}
            source, note = Source.HOST_FLAG, TAKEN_ALONG
            withdraw(person, topics, channel=move.channel, source=source, by=SYSTEM, note=note)
        for reason in sorted(reasons[move.address_id]):
            suppress(reason=reason, by=SYSTEM, recipient=person, note=TAKEN_ALONG)


def _refused_at(left: Sequence[Move]) -> dict[int, list[Topic]]:
    """By address: the topics refused there by those who are not there any more."""
    found: dict[int, list[Topic]] = defaultdict(list)
    addresses = {move.address_id for move in left}
    for refusal in refusals_left().filter(address__in=addresses).select_related("topic"):
        if refusal.topic not in found[refusal.address_id]:
            found[refusal.address_id].append(refusal.topic)
    return found


def _stopped_at(left: Sequence[Move]) -> dict[int, set[str]]:
    """By address: why whoever has it is stopped, by those who are not there any more."""
    found: dict[int, set[str]] = defaultdict(set)
    addresses = {move.address_id for move in left}
    live = Suppression.objects.filter(lifted_at__isnull=True, reason__in=LASTING)
    gone = stops_of_the_gone(live).filter(recipient__held__address__in=addresses)
    for address, reason in [
        *gone.values_list("recipient__held__address", "reason"),
        *stops_left(live).filter(address__in=addresses).values_list("address", "reason"),
    ]:
        found[address].add(reason)
    marked = ContactLink.objects.filter(
        is_opted_out=True, gone_at__isnull=False, recipient__held__address__in=addresses
    )
    for address in marked.values_list("recipient__held__address", flat=True):
        found[address].add(Reason.UNSUBSCRIBED)
    return found


def _leave_stops(left: Sequence[Move]) -> None:
    """Stops stay in the person's name. A mark in the CRM can be taken away there: in nobody's."""
    people = {move.recipient_id for move in left}
    live = Suppression.objects.filter(
        recipient__in=people, reason__in=LASTING, lifted_at__isnull=True
    )
    stopped = {(stop.recipient, stop.reason) for stop in live.select_related("recipient")}
    links = ContactLink.objects.filter(recipient__in=people, is_opted_out=True)
    marked = set(links.values_list("recipient", flat=True))
    concerned = marked | {person.pk for person, _ in stopped if person}
    places = Address.objects.in_bulk([m.address_id for m in left if m.recipient_id in concerned])
    suppress_addresses(
        {places[move.address_id]: LEFT for move in left if move.recipient_id in marked},
        reason=Reason.UNSUBSCRIBED,
        by=SYSTEM,
    )
    for person, reason in stopped:
        for move in left:
            if person and move.recipient_id == person.pk:
                address = places[move.address_id]
                suppress(reason=reason, by=SYSTEM, recipient=person, address=address, note=LEFT)


def _object(moves: Sequence[Move]) -> None:
    """The person's refusals, at each address they left or came to."""
    by_person: dict[tuple[int, str], list[int]] = defaultdict(list)
    for move in moves:
        by_person[move.recipient_id, move.channel].append(move.address_id)
    theirs = refused().filter(recipient__in={move.recipient_id for move in moves})
    Objection.objects.bulk_create(
        [
            Objection(
                address_id=address,
                topic_id=refusal.topic_id,
                record_id=refusal.record_id,
                since_at=refusal.since_at,
            )
            for refusal in theirs
            for address in by_person[refusal.recipient_id, refusal.channel]
        ],
        ignore_conflicts=True,
    )
