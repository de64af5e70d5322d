"""How far a sweep is: begun, carried on, finished. The only writer of SourceSync."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db.models import F, Q
from django.utils import timezone

from outreach.recipients.models import SourceSync

HELD_FOR = timedelta(minutes=2)
"""A batch takes seconds: who has not said a word for so long was killed."""


class Overtaken(Exception):
    """Another process has taken this sweep over, since we were silent for too long."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One process's hold on the sweep of a source; `cursor` is where the last one was killed."""

    source: str
    holder: str
    cursor: str

    def advance(self, cursor: str, *, seen: int, linked: int, failed: int) -> None:
        """Note what was read, and keep the hold. Raises Overtaken."""
        self._update(
            cursor=cursor,
            seen=F("seen") + seen,
            linked=F("linked") + linked,
            failed=F("failed") + failed,
            held_until=timezone.now() + HELD_FOR,
        )

    def linked(self) -> int:
        """How many contacts it read that we know, what went before it was killed included."""
        return SourceSync.objects.values_list("linked", flat=True).get(source=self.source)

    def finish(self) -> None:
        """All has been read: the next sweep begins anew. Raises Overtaken."""
        self._update(cursor="", holder="", held_until=None, finished_at=timezone.now())

    def let_go(self) -> None:
        """What stopped us is no reason for the next one to wait; it goes on from the cursor."""
        SourceSync.objects.filter(source=self.source, holder=self.holder).update(
            holder="", held_until=None
        )

    def _update(self, **values: object) -> None:
        mine = SourceSync.objects.filter(source=self.source, holder=self.holder)
        if not mine.update(**values):
            raise Overtaken(self.source)


def begin(source: str, *, total: int) -> Sweep | None:
    """Begin a sweep, or go on with one that was killed; None if another process is at it."""
    now, holder = timezone.now(), uuid4().hex
    SourceSync.objects.bulk_create([SourceSync(source=source)], ignore_conflicts=True)
    free = SourceSync.objects.filter(
        Q(holder="") | Q(held_until__lt=now) | Q(held_until__isnull=True), source=source
    )
    hold = {"holder": holder, "held_until": now + HELD_FOR, "total": total}
    if free.exclude(cursor="").update(**hold):
        cursor = SourceSync.objects.values_list("cursor", flat=True).get(source=source)
        return Sweep(source, holder, cursor)
    if free.filter(cursor="").update(seen=0, linked=0, failed=0, started_at=now, **hold):
        return Sweep(source, holder, "")
    return None


def under_way() -> list[SourceSync]:
    """The sweeps that have begun and are not over, killed ones included."""
    return list(
        SourceSync.objects.filter(started_at__isnull=False)
        .filter(Q(finished_at__isnull=True) | Q(finished_at__lt=F("started_at")))
        .order_by("source")
    )


def with_failures() -> list[SourceSync]:
    """The sources of which something could not be read in the last sweep."""
    return list(SourceSync.objects.filter(failed__gt=0).order_by("source"))
