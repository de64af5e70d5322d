"""What somebody refused stays at the address they leave, and goes along to the next one.

The CRM may import an old address again, or give it to another contact, without a word to us.
"""

from collections.abc import Sequence

from outreach.history.actor import SYSTEM
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Objection, Source, Suppression
from outreach.preferences.passed_on import refusals_left, stops_left, stops_of_the_gone
from outreach.preferences.suppress import suppress
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
    for move in moves:
        if move.is_left:
            _take_along(move)
    _leave_stops([move for move in moves if move.is_left])
    _object(moves)


def _take_along(move: Move) -> None:
    """What bound the person by way of an address they leave becomes their own."""
    left = (
        refusals_left()
        .filter(address=move.address_id)
        .exclude(
            topic__in=refused()
            .filter(recipient=move.recipient_id, channel=move.channel)
            .values("topic")
        )
    )
    topics = [refusal.topic for refusal in left.select_related("topic")]
    reasons = _stopped_at(move.address_id)
    if not topics and not reasons:
        return
    person = Recipient.objects.get(pk=move.recipient_id)
    if topics:
        source = Source.HOST_FLAG
        withdraw(person, topics, channel=move.channel, source=source, by=SYSTEM, note=TAKEN_ALONG)
    for reason in sorted(reasons):
        suppress(reason=reason, by=SYSTEM, recipient=person, note=TAKEN_ALONG)


def _stopped_at(address_id: int) -> set[str]:
    """Why messages to whoever has the address are stopped, by those who are not there any more."""
    live = Suppression.objects.filter(lifted_at__isnull=True, reason__in=LASTING)
    gone = stops_of_the_gone(live).filter(recipient__held__address=address_id)
    left = stops_left(live).filter(address=address_id)
    marked = ContactLink.objects.filter(
        is_opted_out=True, gone_at__isnull=False, recipient__held__address=address_id
    )
    reasons = {*gone.values_list("reason", flat=True), *left.values_list("reason", flat=True)}
    return reasons | {Reason.UNSUBSCRIBED.value} if marked.exists() else reasons


def _leave_stops(left: Sequence[Move]) -> None:
    """Stops stay in the person's name. A mark in the CRM can be taken away there: in nobody's."""
    people = {move.recipient_id for move in left}
    live = Suppression.objects.filter(
        recipient__in=people, reason__in=LASTING, lifted_at__isnull=True
    )
    stopped = {(stop.recipient, stop.reason) for stop in live.select_related("recipient")}
    marked = ContactLink.objects.filter(recipient__in=people, is_opted_out=True)
    reasons = [
        *((person.pk, person, reason) for person, reason in stopped if person),
        *((pk, None, Reason.UNSUBSCRIBED) for pk in marked.values_list("recipient", flat=True)),
    ]
    for move in left:
        for recipient_id, person, reason in reasons:
            if recipient_id == move.recipient_id:
                address = Address.objects.get(pk=move.address_id)
                suppress(reason=reason, by=SYSTEM, recipient=person, address=address, note=LEFT)


def _object(moves: Sequence[Move]) -> None:
    """The person's refusals, at each address they left or came to."""
    theirs = refused().filter(recipient__in={move.recipient_id for move in moves})
    Objection.objects.bulk_create(
        [
            Objection(
                address_id=move.address_id,
                topic_id=refusal.topic_id,
                record_id=refusal.record_id,
                since_at=refusal.since_at,
            )
            for refusal in theirs
            for move in moves
            if (move.recipient_id, move.channel) == (refusal.recipient_id, refusal.channel)
        ],
        ignore_conflicts=True,
    )
