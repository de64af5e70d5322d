"""Keep our people in step with the CRM's contacts: one by one on signals, all in a sweep."""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, OperationalError
from django.utils import timezone

from outreach.recipients.models import ContactLink
from outreach.recipients.sources import BATCH, ContactSource, RawContact, sources
from outreach.recipients.sweeping import Sweep, begin
from outreach.recipients.write import Written, write

logger = logging.getLogger("outreach")


def sweep() -> int:
    """Bring every source up to date; returns how many contacts were new or had changed.

    A source that cannot be read does not keep the others waiting.
    """
    changed = 0
    for source in sources().values():
        try:
            changed += sync_source(source)
        except Exception as error:
            logger.error("Source %s could not be read: %s", source.key, type(error).__name__)
    return changed


def sync_source(source: ContactSource) -> int:
    """Read all contacts of one source, then mark those that the CRM no longer has.

    Goes on where an earlier sweep was killed. Returns 0 at once where another one is at work.
    """
    sweep = begin(source.key, total=source.rows().count())
    if sweep is None:
        return 0
    sync = _sync_batch if ContactLink.objects.filter(source=source.key).exists() else _sync_new
    try:
        batches = source.batches(after=sweep.cursor)
        changed = sum(_sync_and_note(source, batch, sweep, sync) for batch in batches)
        _mark_the_gone(source, linked=sweep.linked())
        sweep.finish()
    finally:
        sweep.let_go()
    return changed


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of some contacts: how many were written, are known now, could not be kept."""

    written: int = 0
    linked: int = 0
    failed: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.written + other.written, self.linked + other.linked, self.failed + other.failed
        )


Sync = Callable[[ContactSource, list[RawContact]], Kept]


def _sync_and_note(source: ContactSource, batch: list[RawContact], sweep: Sweep, sync: Sync) -> int:
    with _uncollected():
        kept = _sync_each_that_can_be(source, batch, sync)
    sweep.advance(batch[-1].key, seen=len(batch), linked=kept.linked, failed=kept.failed)
    return kept.written


@contextmanager
def _uncollected() -> Iterator[None]:
    """What a batch makes is in no cycle and gone with it: looking for cycles took a fifth of it."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def _sync_each_that_can_be(source: ContactSource, batch: list[RawContact], sync: Sync) -> Kept:
    """Write a batch; where something in it cannot be, find what it is and write the others."""
    try:
        return sync(source, batch)
    except (DatabaseError, ValueError, TypeError) as error:
        if isinstance(error, OperationalError):
            raise
        if len(batch) == 1:
            why = type(error).__name__
            logger.error("Contact %s of %s could not be kept: %s", batch[0].key, source.key, why)
            return Kept(failed=1)
    half = len(batch) // 2
    first, second = batch[:half], batch[half:]
    return _sync_each_that_can_be(source, first, sync) + _sync_each_that_can_be(
        source, second, sync
    )


def _mark_the_gone(source: ContactSource, *, linked: int) -> None:
    """Mark whose contact the CRM has no more.

    Asked of the CRM key by key, in batches, and only if we know others than it has: no
    query joins its tables with ours, which may be in another database, or hold other keys.
    """
    links = ContactLink.objects.filter(source=source.key, gone_at__isnull=True)
    if links.count() <= linked:
        return
    last = 0
    while rows := list(
        links.filter(pk__gt=last).order_by("pk").values_list("pk", "contact_key")[:BATCH]
    ):
        last = rows[-1][0]
        live = source.live_keys(key for _, key in rows)
        gone = [pk for pk, key in rows if key not in live]
        links.filter(pk__in=gone).update(gone_at=timezone.now())


def sync_keys(source: ContactSource, keys: Iterable[str]) -> int:
    """Read these contacts again; a key that the CRM no longer has is marked as gone."""
    wanted = set(keys)
    found = source.raw_contacts(wanted)
    changed = _sync_batch(source, found).written
    gone = wanted - {raw.key for raw in found}
    links = ContactLink.objects.filter(source=source.key)
    links.filter(contact_key__in=gone, gone_at__isnull=True).update(gone_at=timezone.now())
    return changed


def refresh(recipient_ids: Iterable[int]) -> None:
    """Read the live rows behind these people again, as in each claim."""
    keys: dict[str, list[str]] = {}
    links = ContactLink.objects.filter(recipient__in=list(recipient_ids), gone_at__isnull=True)
    for source_key, contact_key in links.values_list("source", "contact_key"):
        keys.setdefault(source_key, []).append(contact_key)
    for source_key, found in keys.items():
        if source := sources().get(source_key):
            sync_keys(source, found)


def _sync_new(source: ContactSource, batch: list[RawContact]) -> Kept:
    """Write a batch of a source that nobody has read before, where only another sync knows any."""
    try:
        written = write(source, {raw.key: raw for raw in batch}, known=frozenset())
    except IntegrityError:
        return _sync_batch(source, batch)
    return Kept(written=written.changed, linked=written.linked)


def _sync_batch(source: ContactSource, batch: list[RawContact]) -> Kept:
    """Write what is new in a batch; once more where another sync made the same person first."""
    links = ContactLink.objects.filter(
        source=source.key, contact_key__in=[raw.key for raw in batch]
    )
    rows = list(links.values_list("contact_key", "digest", "gone_at"))
    held = {key: digest for key, digest, _ in rows}
    changed = {raw.key: raw for raw in batch if held.get(raw.key) != raw.digest}
    written = Written(changed=0, linked=0)
    if changed:
        try:
            written = write(source, changed, known=changed.keys() & held.keys())
        except IntegrityError:
            written = write(source, changed, known=changed.keys())
    back = [key for key, _, gone_at in rows if gone_at]
    if back:
        links.filter(contact_key__in=back).update(gone_at=None)
    unchanged = len(held.keys() - changed.keys())
    return Kept(written=written.changed, linked=unchanged + written.linked)
