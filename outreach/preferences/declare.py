"""Record what was accepted, in batches, as periodic work.

A batch is one transaction under the locks of its people, so that a refusal that comes first is
seen (B1, statement 4); whoever has an outcome is not looked at again, so it goes on where it
stopped, and twice does no more than once.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record
from outreach.preferences.consent_of_many import Wish, grant_each
from outreach.preferences.declaration import is_over, leave_out_the_rest
from outreach.preferences.declaration_models import DeclaredPerson, InterestDeclaration
from outreach.preferences.declaration_outcomes import BECOMES, with_outcome
from outreach.preferences.declared import Outcome, State
from outreach.preferences.evidence import Proof
from outreach.preferences.how_long import end_of
from outreach.preferences.models import Source
from outreach.preferences.our_words import our_words
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Address, RecipientAddress

BATCH = 500
A_SWEEP_LASTS = timedelta(seconds=20)


def sweep() -> int:
    """Go on with every declaration that is accepted; returns how many people it dealt with.

    It ends after A_SWEEP_LASTS, so that nothing else waits; the next one goes on. What comes to
    its end is ended by `lapse`, as every wish for a time.
    """
    until = timezone.now() + A_SWEEP_LASTS
    accepted = InterestDeclaration.objects.filter(state=State.ACCEPTED, recorded_at__isnull=True)
    dealt_with = 0
    for declaration in accepted.order_by("decided_at", "pk"):
        while timezone.now() < until and (people := record_batch(declaration)):
            dealt_with += people
    return dealt_with


def record_batch(declaration: InterestDeclaration) -> int:
    """Record some of the people who are left; 0 once there are none, and it is done."""
    with transaction.atomic():
        held = _locked(declaration)
        if held.state != State.ACCEPTED or held.recorded_at is not None:
            return 0
        left = DeclaredPerson.objects.filter(declaration=held, outcome="").order_by("pk")
        people = [] if is_over(held) else _lock(left[:BATCH])
        if not people:
            leave_out_the_rest(held)
            return _finish(held)
        rows = with_outcome(held).filter(pk__in=people).select_related("recipient", "address")
        _record(held, list(rows))
    return len(people)


def _locked(declaration: InterestDeclaration) -> InterestDeclaration:
    """The row itself, so that two who record the same declaration queue up."""
    return InterestDeclaration.objects.select_for_update().get(pk=declaration.pk)


def _lock(rows: QuerySet[DeclaredPerson]) -> list[int]:
    """Lock the people of these rows with all their addresses; returns the rows' keys."""
    found = dict(rows.values_list("pk", "recipient"))
    addresses = RecipientAddress.objects.filter(recipient__in=found.values())
    lock_people(found.values(), addresses.values_list("address", flat=True))
    return list(found)


def _record(declaration: InterestDeclaration, rows: list[DeclaredPerson]) -> None:
    by = Actor(key=declaration.decided_by_key, name=declaration.decided_by)
    ours = our_words(declaration.wording)
    places = _first_addresses(declaration, rows)
    wishes = [
        Wish(
            recipient=row.recipient,
            address=row.address or places.get(row.recipient_id),
            source=Source.IMPORT if row.wording else Source.STAFF,
            proof=Proof(wording=row.wording or ours, note=proof_of(declaration, row)),
            given_on=row.since_on or declaration.since_on,
        )
        for row in rows
        if getattr(row, BECOMES) == Outcome.RECORDED
    ]
    records = grant_each(
        wishes,
        declaration.topic,
        channel=declaration.channel,
        by=by,
        basis=declaration.counts_as,
        valid_until=end_of(declaration.expires_on) if declaration.expires_on else None,
    )
    for row in rows:
        row.outcome = getattr(row, BECOMES)
        row.record = records.get(row.recipient_id)
        row.source = row.wording = ""  # kept with the consent, where it can be erased
    DeclaredPerson.objects.bulk_update(rows, ["outcome", "record", "source", "wording"])


def proof_of(declaration: InterestDeclaration, row: DeclaredPerson) -> str:
    """Where and when, where the proof is, and who vouches: the note beside the words."""
    given = f"{declaration.get_given_display()}: {declaration.given_note}"
    lines = [
        row.source or given,
        date_format(row.since_on or declaration.since_on, "DATE_FORMAT"),
        declaration.basis,
        _("Proof: %(proof)s") % {"proof": declaration.evidence},
        _("Declared by %(maker)s, accepted by %(reader)s")
        % {"maker": declaration.made_by, "reader": declaration.decided_by},
    ]
    return "\n".join(lines)


def _first_addresses(
    declaration: InterestDeclaration, rows: Iterable[DeclaredPerson]
) -> dict[int, Address]:
    """Where each of these people is written to on the channel, by their key."""
    held = RecipientAddress.objects.filter(
        recipient__in=[row.recipient_id for row in rows], channel=declaration.channel
    )
    found: dict[int, Address] = {}
    for each in held.select_related("address").order_by("position", "pk"):
        found.setdefault(each.recipient_id, each.address)
    return found


def _finish(declaration: InterestDeclaration) -> int:
    InterestDeclaration.objects.filter(pk=declaration.pk).update(recorded_at=timezone.now())
    record(declaration, "declaration.recorded", by=SYSTEM)
    return 0
