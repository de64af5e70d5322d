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
recipient_erased = Signal()
"""With `source` and `key` of the contact in the CRM, both text: what it holds is the host's."""


def nudge(signal: Signal, **keys: int) -> None:
    """Send `signal` once the transaction under way has committed; a receiver cannot break us."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **keys))
