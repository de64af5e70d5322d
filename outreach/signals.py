"""Nudges, sent after commit. Whoever misses one finds the same work in the next sweep."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

campaign_edited = Signal()
delivery_settled = Signal()
run_started = Signal()
message_received = Signal()
message_accepted = Signal()
consent_changed = Signal()


def nudge(signal: Signal, **keys: int) -> None:
    """Send `signal` once the transaction under way has committed; a receiver cannot break us."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **keys))
