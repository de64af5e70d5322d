"""How well we know a person: moved by what really happened, and by nothing else (A4, A8).

| what happened | from | to |
|---|---|---|
| asked to hear about something | stranger | introduced |
| asked to hear about something | lapsed | acquainted |
| wrote to us | stranger, introduced, lapsed | acquainted |
| ordered, as the CRM says | any | customer |
| no sign of life for a year | introduced, acquainted, customer | lapsed |
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.conf import conf
from outreach.exceptions import Refused
from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import record_each
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient, Stage

MOVED = "stage.moved"
BATCH = 500


class Event(StrEnum):
    ASKED = "asked"
    WROTE = "wrote"
    ORDERED = "ordered"
    CHOSE = "chose"
    SILENT = "silent"


MOVES: dict[Event, dict[Stage, Stage]] = {
    Event.ASKED: {Stage.STRANGER: Stage.INTRODUCED, Stage.LAPSED: Stage.ACQUAINTED},
    Event.WROTE: dict.fromkeys((Stage.STRANGER, Stage.INTRODUCED, Stage.LAPSED), Stage.ACQUAINTED),
    Event.ORDERED: dict.fromkeys(
        (Stage.STRANGER, Stage.INTRODUCED, Stage.ACQUAINTED, Stage.LAPSED), Stage.CUSTOMER
    ),
    Event.CHOSE: {},
    Event.SILENT: dict.fromkeys((Stage.INTRODUCED, Stage.ACQUAINTED, Stage.CUSTOMER), Stage.LAPSED),
}
RANK = (Stage.STRANGER, Stage.INTRODUCED, Stage.LAPSED, Stage.ACQUAINTED, Stage.CUSTOMER)
"""From the least acquaintance to the greatest; who lapsed was known once."""


def below(threshold: str) -> list[Stage]:
    """The stages of people whom we know less well than `threshold` asks."""
    return list(RANK[: RANK.index(Stage(threshold))])


def happened(event: Event, recipient_ids: Iterable[int], *, at: datetime | None = None) -> None:
    """Keep a sign of life of these people at `at` (now), and move their stage by MOVES.

    To be called in the transaction of what happened.
    """
    keys, at = sorted(set(recipient_ids)), at or timezone.now()
    people = Recipient.objects.filter(pk__in=keys)
    people.filter(Q(last_sign_at__isnull=True) | Q(last_sign_at__lt=at)).update(last_sign_at=at)
    move(event, people)


def move(event: Event, people: QuerySet[Recipient]) -> int:
    """Move whom MOVES says, with a line of history each; returns how many were moved."""
    moved = 0
    for frm, to in MOVES[event].items():
        concerned = list(people.filter(stage=frm))
        if concerned:
            moved += _set(concerned, frm, to, by=SYSTEM, note=f"{to}: {event}")
    return moved


def move_by_hand(people: QuerySet[Recipient], to: Stage, *, by: Actor, why: str) -> int:
    """Set a stage for a reason that is kept (A8); returns how many were elsewhere before.

    All of them or, where one cannot be, nobody. Raises Refused without a reason.
    """
    if not (why := why.strip()):
        raise Refused(_("Say how you know. A stage is earned; the reason is kept with it."))
    there, moved, last = people.filter(erased_at__isnull=True), 0, 0
    with transaction.atomic():
        while keys := list(
            there.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
        ):
            last = keys[-1]
            lock_people(keys)
            moved += _move_each(keys, to, by=by, why=why)
    return moved


def _move_each(keys: list[int], to: Stage, *, by: Actor, why: str) -> int:
    """Of people who are locked."""
    others = list(Recipient.objects.filter(pk__in=keys).exclude(stage=to))
    Recipient.objects.filter(pk__in=[person.pk for person in others]).update(
        stage=to, stage_since_at=timezone.now()
    )
    record_each(others, MOVED, by=by, note=f"{to}: {why}")
    return len(others)


def note_ordered(people: Iterable[Recipient]) -> None:
    """Keep that these became customers by an order that the CRM knows of."""
    record_each(people, MOVED, by=SYSTEM, note=f"{Stage.CUSTOMER}: {Event.ORDERED}")


def sweep() -> int:
    """Move those to “lapsed” of whom we have had no sign of life for `LAPSED_AFTER`."""
    since = timezone.now() - conf().lapsed_after
    silent = Recipient.objects.alias(last=Coalesce(F("last_sign_at"), F("created_at"))).filter(
        last__lt=since, erased_at__isnull=True, stage__in=list(MOVES[Event.SILENT])
    )
    moved = 0
    while keys := list(silent.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            lock_people(keys)
            moved += move(Event.SILENT, silent.filter(pk__in=keys))
    return moved


def _set(people: list[Recipient], frm: str, to: Stage, *, by: Actor, note: str) -> int:
    won = Recipient.objects.filter(pk__in=[person.pk for person in people], stage=frm).update(
        stage=to, stage_since_at=timezone.now()
    )
    record_each(people, MOVED, by=by, note=note)
    return won
