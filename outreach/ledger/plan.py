"""The only writer of a run's rows before anything is sent: planned, left out, withdrawn."""

import hashlib
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from outreach.campaigns.models import Campaign
from outreach.exceptions import Conflict
from outreach.ledger.models import Delivery, Run
from outreach.recipients.found_once import SharedAddress
from outreach.recipients.many_rows import once
from outreach.recipients.models import FIRST, Recipient

State = Delivery.State
SHARED, DECIDED = SharedAddress._meta.db_table, "outreach_decided"
WITHDRAWN: dict[str, object] = {
    "state": State.WITHDRAWN,
    "recipient_slot": None,
    "address_slot": None,
    "coordination_key": None,
    "cap_on": None,
    "retry_at": None,
}
"""What a row becomes that was planned and will never be sent."""

PRIME = 1_000_003
"""Small enough that the product of two remainders fits each database's integers."""
CHECKED = ("people", "places", "pairs", "squares")


class Part(NamedTuple):
    """Rows that are worked out once, as SQL; later parts may name earlier ones.

    Of what is decided of some people the last part is DECIDED, with columns outreach_person,
    outreach_address and outreach_reason, "" for none; SHARED, rows of SharedAddress, is another.
    """

    name: str
    sql: str
    params: list[Any]


def begin(campaign: Campaign, *, channel: str, keys: tuple[int, int], aims_digest: str) -> Run:
    """A new run in the place of the current one, if there is one. Hold the tenant's lock.

    Everybody's key is greater than the first of `keys`, and at most the second.
    """
    for old in Run.objects.filter(current_slot=campaign):
        Delivery.objects.filter(run=old, state=State.PLANNED).update(**WITHDRAWN)
        Run.objects.filter(pk=old.pk).update(state=Run.State.REPLACED, current_slot=None)
    return Run.objects.create(
        campaign=campaign,
        current_slot=campaign,
        channel=channel,
        lower=keys[0],
        cursor=keys[0],
        upper=keys[1],
        aims_digest=aims_digest,
    )


def insert_range(run: Run, decided: list[Part], *, upto: int) -> None:
    """Write one row for each candidate by INSERT … SELECT, and move the run's cursor.

    Of people in one range who share an address the first gets the message; nothing `decided` is
    a range with nobody in it. Raises Conflict if another worker moved the cursor.
    """
    if decided and connection.vendor == "sqlite":
        _insert_by_steps(run, decided)
    elif decided:
        parts = ", ".join(f"{name} AS {once(connection)} ({sql})" for name, sql, _ in decided)
        _insert(run, f"WITH {parts},", [each for part in decided for each in part.params])
    moved = Run.objects.filter(pk=run.pk, cursor=run.cursor, state=Run.State.FREEZING).update(
        cursor=upto
    )
    if not moved:
        raise Conflict("Another worker went on with this audience.")
    run.cursor = upto


def _insert_by_steps(run: Run, decided: list[Part]) -> None:
    """For SQLite: the more tables it has open meanwhile, the more each row that it writes costs."""
    with connection.cursor() as cursor:
        for name, sql, params in decided:
            cursor.execute(f"CREATE TEMP TABLE {name} AS {sql}", params)
        _insert(run, "WITH", [])
        for part in decided:
            cursor.execute(f"DROP TABLE temp.{part.name}")


def _insert(run: Run, parts: str, params: list[Any]) -> None:
    columns = (
        "run_id asks_to_go_on recipient_id address_id channel"
        " state reason recipient_slot address_slot"
    )
    sql = f"""
        INSERT INTO {connection.ops.quote_name(Delivery._meta.db_table)}
            ({columns.replace(" ", ", ")})
        {parts} at_one_address AS (
            SELECT outreach_address AS address, MIN(outreach_person) AS first FROM {DECIDED}
            JOIN {SHARED} AS other
                ON other.place = outreach_address AND other.position = {FIRST}
                AND other.holder <> outreach_person
            WHERE outreach_reason = '' GROUP BY outreach_address
        ),
        settled AS (
            SELECT outreach_person AS person, outreach_address AS address,
                CASE WHEN outreach_reason = '' AND first < outreach_person
                    THEN 'shared_address' ELSE outreach_reason END AS reason
            FROM {DECIDED} LEFT JOIN at_one_address ON at_one_address.address = outreach_address
        )
        SELECT %s, %s, person, address, %s,
            CASE WHEN reason = '' THEN 'planned' ELSE 'excluded' END, reason,
            CASE WHEN reason = '' THEN person END, CASE WHEN reason = '' THEN address END
        FROM settled
    """  # noqa: S608  (only names of our own are put in)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, run.pk, False, run.channel])


def complete(run: Run) -> None:
    """Make a frozen audience visible, with its counts and digest. Raises Conflict."""
    _count(run)
    now = timezone.now()
    won = Run.objects.filter(pk=run.pk, state=Run.State.FREEZING).update(
        state=Run.State.FROZEN, frozen_at=now
    )
    if not won:
        raise Conflict("Another worker completed this audience, or it was given up.")
    run.state, run.frozen_at = Run.State.FROZEN, now


def give_up(run: Run) -> bool:
    """Leave off a freeze; False if it was complete, or given up, already."""
    won = Run.objects.filter(pk=run.pk, state=Run.State.FREEZING).update(
        state=Run.State.REPLACED, current_slot=None
    )
    if won:
        Delivery.objects.filter(run=run, state=State.PLANNED).update(**WITHDRAWN)
    return bool(won)


def coordinate(run: Run, key: str) -> None:
    """Settle with coordinated runs who has whom, each person once (B10, statement 1).

    What is only planned in a run that comes after this one is given up there; whom another holds
    all the same is left out here. Hold the tenant's lock.
    """
    planned = Delivery.objects.filter(run=run, state=State.PLANNED)
    held = Delivery.objects.filter(coordination_key=key).exclude(run=run)
    held.filter(
        state=State.PLANNED,
        run__campaign__coordination_rank__gt=run.campaign.coordination_rank,
        recipient_slot__in=planned.values("recipient"),
    ).update(**left_out("coordinated"))
    planned.filter(recipient__in=held.values("recipient_slot")).update(**left_out("coordinated"))
    planned.update(coordination_key=key)


def reserve(run: Run, capped: QuerySet[Recipient] | None, on: date | None) -> None:
    """Leave out who is `capped` by now, and let the rest count on `on` (statement 7)."""
    planned = Delivery.objects.filter(run=run, state=State.PLANNED)
    if capped is not None:
        planned.filter(recipient__in=capped.values("pk")).update(**left_out("capped"))
    planned.update(cap_on=on)
    _count(run)


def release(run: Run) -> None:
    """Give back what was reserved and not used."""
    Delivery.objects.filter(run=run, state=State.PLANNED).update(cap_on=None, coordination_key=None)


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
    """Store counts, and a checksum over who gets the message where, worked out by the database.

    It tells one audience from another; that rows are not written past us is not its business.
    """
    included = Q(state__in=Delivery.INCLUDED)
    person, place = F("recipient") % PRIME, F("address") % PRIME
    figures = Delivery.objects.filter(run=run).aggregate(
        all=Count("pk"),
        included=Count("pk", filter=included),
        people=Sum("recipient", filter=included),
        places=Sum("address", filter=included),
        pairs=Sum(person * place, filter=included),
        squares=Sum(person * person + place, filter=included),
    )
    run.included, run.excluded = figures["included"], figures["all"] - figures["included"]
    text = ":".join(str(figures[name]) for name in ("included", *CHECKED))
    run.digest = hashlib.sha256(text.encode()).hexdigest()
    run.save(update_fields=["included", "excluded", "digest"])
