"""The only writer of a run's rows before anything is sent: planned, left out, withdrawn."""

import hashlib
from contextlib import suppress
from datetime import date

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict
from outreach.ledger.models import Delivery, Run
from outreach.recipients.models import Recipient

State = Delivery.State
WITHDRAWN: dict[str, object] = {
    "state": State.WITHDRAWN,
    "recipient_slot": None,
    "address_slot": None,
    "coordination_key": None,
    "cap_on": None,
    "retry_at": None,
}
"""What a row becomes that was planned and will never be sent."""


def begin(campaign: Campaign, *, channel: str, upper: int, aims_digest: str) -> Run:
    """A new run in the place of the current one, if there is one. Hold the tenant's lock."""
    for old in Run.objects.filter(current_slot=campaign):
        Delivery.objects.filter(run=old, state=State.PLANNED).update(**WITHDRAWN)
        Run.objects.filter(pk=old.pk).update(state=Run.State.REPLACED, current_slot=None)
    return Run.objects.create(
        campaign=campaign,
        current_slot=campaign,
        channel=channel,
        upper=upper,
        aims_digest=aims_digest,
    )


def insert_range(
    run: Run, candidates: QuerySet[Recipient], *, address: str, reason: str, upto: int
) -> None:
    """Write one row for each candidate by INSERT … SELECT, and move the run's cursor.

    `candidates` selects the key and the annotations named by `address` and `reason`. Of people
    in one range who share an address the first gets the message. Raises Conflict if another
    worker moved the cursor.
    """
    with suppress(EmptyResultSet):  # a group that can have no member writes nothing
        _insert(run, candidates, address, reason)
    moved = Run.objects.filter(pk=run.pk, cursor=run.cursor, state=Run.State.FREEZING).update(
        cursor=upto
    )
    if not moved:
        raise Conflict("Another worker went on with this audience.")
    run.cursor = upto


def _insert(run: Run, candidates: QuerySet[Recipient], address: str, reason: str) -> None:
    # A name of our own for the key: what Django calls the column differs between its versions.
    named = candidates.annotate(outreach_person=F("pk"))
    columns_of = named.values_list("outreach_person", address, reason)
    compiler = columns_of.query.get_compiler(candidates.db)
    inner, params = compiler.as_sql()
    connection = connections[candidates.db]
    quote = connection.ops.quote_name
    columns = "run_id recipient_id address_id channel state reason recipient_slot address_slot"
    is_first = f"{reason} = '' AND turn = 1"
    sql = f"""
        INSERT INTO {quote(Delivery._meta.db_table)} ({columns.replace(" ", ", ")})
        SELECT %s, person, {address}, %s,
            CASE WHEN {is_first} THEN 'planned' ELSE 'excluded' END,
            CASE WHEN {reason} = '' AND turn > 1 THEN 'shared_address' ELSE {reason} END,
            CASE WHEN {is_first} THEN person END,
            CASE WHEN {is_first} THEN {address} END
        FROM (
            SELECT outreach_person AS person, {address}, {reason},
                ROW_NUMBER() OVER (
                    PARTITION BY {address}, {reason} ORDER BY outreach_person
                ) AS turn
            FROM ({inner}) AS candidate
        ) AS numbered
    """  # noqa: S608  (only names of our own are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [run.pk, run.channel, *params])


def complete(run: Run) -> None:
    """Make a frozen audience visible, with its counts and digest."""
    _count(run)
    run.state, run.frozen_at = Run.State.FROZEN, timezone.now()
    Run.objects.filter(pk=run.pk, state=Run.State.FREEZING).update(
        state=run.state, frozen_at=run.frozen_at
    )


def reserve(run: Run, capped: QuerySet[Recipient], on: date) -> None:
    """Leave out who is `capped` by now, and let the rest count on `on` (statement 7)."""
    planned = Delivery.objects.filter(run=run, state=State.PLANNED)
    planned.filter(recipient__in=capped.values("pk")).update(**left_out("capped"))
    planned.update(cap_on=on)
    _count(run)


def release(run: Run) -> None:
    """Give back what was reserved and not used."""
    Delivery.objects.filter(run=run, state=State.PLANNED).update(cap_on=None)


def left_out(reason: str) -> dict[str, object]:
    """What a row becomes that is left out after it was planned."""
    return {
        "state": State.EXCLUDED,
        "reason": reason,
        "recipient_slot": None,
        "address_slot": None,
        "coordination_key": None,
        "cap_on": None,
        "lease_until": None,
        "retry_at": None,
    }


def _count(run: Run) -> None:
    """Store counts and the digest over who gets the message where, in key order."""
    rows = Delivery.objects.filter(run=run)
    digest, included = hashlib.sha256(), 0
    pairs = rows.filter(~Q(state=State.EXCLUDED)).order_by("recipient")
    for recipient_id, address_id in pairs.values_list("recipient", "address").iterator():
        digest.update(b"%d:%d;" % (recipient_id, address_id))
        included += 1
    run.included, run.excluded = included, rows.filter(state=State.EXCLUDED).count()
    run.digest = digest.hexdigest()
    run.save(update_fields=["included", "excluded", "digest"])
