"""Let clocks run again whose answer came back (statement 11)."""

from django.db import transaction
from django.db.models import Q

from outreach.conversations.models import Conversation, Message
from outreach.history.actor import SYSTEM
from outreach.history.record import record
from outreach.sla.models import Clock

BATCH = 500
CAME_BACK = (Message.State.BOUNCED, Message.State.REFUSED)


def reopen_bounced() -> int:
    """Reopen the clocks that only a bounced answer had stopped; returns how many run again."""
    stopped = Clock.objects.filter(
        stopped_by__state__in=CAME_BACK, started_by__erased_at__isnull=True
    ).order_by("conversation")
    conversations = stopped.values_list("conversation", flat=True).distinct()[:BATCH]
    return sum(_reopen(conversation_id) for conversation_id in list(conversations))


def _reopen(conversation_id: int) -> bool:
    """Let the earliest deadline run, with none but it: it would have run all the time.

    A later clock gives way to it, unless that is on record as late (statement 12): while such a
    one runs, the earlier waits for the answer that stops both.
    """
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        open_again = Q(running_slot__isnull=False) | Q(stopped_by__state__in=CAME_BACK)
        clocks = Clock.objects.filter(
            open_again, conversation=conversation, started_by__erased_at__isnull=True
        )
        rows = list(clocks.order_by("due_at", "pk"))
        first, others = rows[:1], rows[1:]
        if any(clock.running_slot_id and clock.breached_at for clock in others):
            return False
        Clock.objects.filter(
            pk__in=[clock.pk for clock in others], breached_at__isnull=True
        ).delete()
        won = Clock.objects.filter(
            pk__in=[clock.pk for clock in first], running_slot__isnull=True
        ).update(running_slot=conversation, stopped_by=None, stopped_at=None)
        if won:
            record(conversation, "clock reopened", by=SYSTEM)
    return bool(won)
