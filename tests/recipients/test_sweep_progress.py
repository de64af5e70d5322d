"""A sweep says how far it is, goes on where it was killed, and lets nothing stop it for good."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DataError, connection
from django.utils import timezone

from outreach.recipients import sync
from outreach.recipients.keys import canonical_key
from outreach.recipients.models import ContactLink, Recipient, SourceSync
from outreach.recipients.sources import ContactSource, RawContact, sources
from outreach.recipients.sweeping import HELD_FOR, Overtaken, begin, under_way
from project.crm.models import Contact

pytestmark = pytest.mark.django_db
SOURCE = "crm.contact"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    in_tens = ContactSource.batches

    def batches(self: ContactSource, after: str = "", size: int = 10) -> Iterator[list[RawContact]]:
        return in_tens(self, after, size)

    monkeypatch.setattr(ContactSource, "batches", batches)


def make_contacts(count: int) -> list[Contact]:
    return Contact.objects.bulk_create(
        [Contact(first_name=f"Maria{n}", email=f"maria{n}@example.com") for n in range(count)]
    )


def stop_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """As a kill does: nothing is let go, nothing is noted."""
    done: list[int] = []
    original = sync._sync_and_note

    def until(*args: Any) -> int:
        if len(done) == batches:
            raise KeyboardInterrupt
        done.append(1)
        return original(*args)

    monkeypatch.setattr(sync, "_sync_and_note", until)
    monkeypatch.setattr("outreach.recipients.sweeping.Sweep.let_go", lambda self: None)
    with pytest.raises(KeyboardInterrupt):
        sync.sweep()
    monkeypatch.setattr(sync, "_sync_and_note", original)


def row() -> SourceSync:
    return SourceSync.objects.get(source=SOURCE)


def test_a_sweep_notes_what_it_read() -> None:
    make_contacts(25)
    sync.sweep()
    assert (row().seen, row().total, row().failed) == (25, 25, 0)
    assert row().finished_at
    assert (row().cursor, row().holder) == ("", "")
    assert under_way() == []
    make_contacts(1)
    sync.sweep()
    assert (row().seen, row().total) == (26, 26)


def test_a_killed_sweep_is_seen_and_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    contacts = make_contacts(35)
    stop_after(monkeypatch, 2)
    assert [(each.seen, each.total) for each in under_way()] == [(20, 35)]
    assert row().cursor == str(contacts[19].pk)
    assert sync.sweep() == 0, "it may still be at work"
    with time_machine.travel(timezone.now() + HELD_FOR + timedelta(seconds=1)):
        assert sync.sweep() == 15
    assert (row().seen, ContactLink.objects.count()) == (35, 35)
    assert under_way() == []


def test_who_went_before_the_kill_is_marked_gone_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    contacts = make_contacts(30)
    sync.sweep()
    Contact.objects.filter(pk=contacts[0].pk)._raw_delete("default")
    stop_after(monkeypatch, 2)
    with time_machine.travel(timezone.now() + HELD_FOR + timedelta(seconds=1)):
        sync.sweep()
    gone = ContactLink.objects.filter(gone_at__isnull=False)
    assert [link.contact_key for link in gone] == [str(contacts[0].pk)]


def test_a_contact_that_is_not_kept_hides_none_that_went(monkeypatch: pytest.MonkeyPatch) -> None:
    """We know one fewer than the CRM has, and one of these is another."""
    contacts = make_contacts(5)
    bad = str(contacts[3].pk)
    read = ContactSource.read

    def picky(self: ContactSource, pk: object, rows: Any) -> Any:
        if str(pk) == bad:
            raise DataError("value too long")
        return read(self, pk, rows)

    monkeypatch.setattr(ContactSource, "read", picky)
    sync.sweep()
    Contact.objects.filter(pk=contacts[0].pk)._raw_delete("default")
    sync.sweep()
    gone = ContactLink.objects.filter(gone_at__isnull=False)
    assert [link.contact_key for link in gone] == [str(contacts[0].pk)]


def test_a_key_that_the_crm_cannot_have_any_more_is_gone() -> None:
    """Its keys were of another kind once."""
    make_contacts(1)
    sync.sweep()
    ContactLink.objects.update(contact_key="3f1d0c5b")
    assert sync.sweep() == 1
    assert ContactLink.objects.get(contact_key="3f1d0c5b").gone_at


def test_two_sweeps_do_not_read_at_once() -> None:
    make_contacts(5)
    held = begin(SOURCE, total=5)
    assert held
    assert sync.sweep() == 0
    held.let_go()
    assert sync.sweep() == 5


def test_whoever_was_silent_too_long_stops() -> None:
    first = begin(SOURCE, total=5)
    assert first
    with time_machine.travel(timezone.now() + HELD_FOR + timedelta(seconds=1)):
        assert begin(SOURCE, total=5)
    with pytest.raises(Overtaken):
        first.advance("7", seen=1, linked=1, failed=0)
    with pytest.raises(Overtaken):
        first.finish()
    first.let_go()
    assert row().holder != ""


def test_what_stops_a_sweep_does_not_hold_up_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    make_contacts(25)
    original = sync._sync_and_note

    def broken(*args: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(sync, "_sync_and_note", broken)
    assert sync.sweep() == 0
    monkeypatch.setattr(sync, "_sync_and_note", original)
    assert sync.sweep() == 25


def test_no_cycles_are_looked_for_in_a_batch_and_again_after_one_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_contacts(5)
    seen = []

    def broken(*_args: Any) -> sync.Kept:
        seen.append(gc.isenabled())
        raise RuntimeError

    monkeypatch.setattr(sync, "_sync_each_that_can_be", broken)
    assert sync.sweep() == 0
    assert (seen, gc.isenabled()) == ([False], True)


def test_one_contact_that_cannot_be_kept_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    contacts = make_contacts(25)
    bad = str(contacts[7].pk)
    read = ContactSource.read

    def picky(self: ContactSource, pk: object, rows: Any) -> Any:
        if str(pk) == bad:
            raise DataError("value too long")
        return read(self, pk, rows)

    monkeypatch.setattr(ContactSource, "read", picky)
    assert sync.sweep() == 24
    assert (row().seen, row().failed) == (25, 1)
    assert f"Contact {bad} of {SOURCE} could not be kept: DataError" in caplog.text
    assert "maria7@" not in caplog.text
    monkeypatch.setattr(ContactSource, "read", read)
    assert sync.sweep() == 1
    assert row().failed == 0


KILLED = """
import os, signal
import django
django.setup()
from functools import partialmethod
from outreach.recipients import sync
from outreach.recipients.sources import ContactSource
from outreach.recipients.sweeping import Sweep
ContactSource.batches = partialmethod(ContactSource.batches, size=1000)
advance = Sweep.advance
def die_after_two(self, cursor, **counts):
    advance(self, cursor, **counts)
    if self.linked() >= 2000:
        os.kill(os.getpid(), signal.SIGKILL)
Sweep.advance = die_after_two
sync.sweep()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_process_that_is_killed_loses_nothing() -> None:
    """A real kill -9, on a database that two processes can see."""
    make_contacts(3500)
    name = connection.settings_dict["NAME"]
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        env={
            **os.environ,
            "DATABASE_URL": f"{server}/{name}",
            "DJANGO_SETTINGS_MODULE": "project.settings",
        },
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (row().seen, Recipient.objects.count()) == (2000, 2000)
    with time_machine.travel(timezone.now() + HELD_FOR + timedelta(seconds=1)):
        assert sync.sweep() == 1500
    assert (row().seen, Recipient.objects.count()) == (3500, 3500)


def test_a_sweep_goes_on_behind_any_kind_of_key() -> None:
    make_contacts(3)
    source = sources()[SOURCE]
    keys = [raw.key for batch in source.batches() for raw in batch]
    assert [raw.key for batch in source.batches(after=keys[0]) for raw in batch] == keys[1:]
    assert canonical_key(("a/b", 7)) == '["a/b", 7]'
