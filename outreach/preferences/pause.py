"""The only writer of Pause: a person's break from us."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.models import Pause
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient
from outreach.recipients.stages import Event, happened
from outreach.signals import consent_changed, nudge


def pause(recipient: Recipient, *, until: datetime, source: str, by: Actor) -> None:
    """Begin a break, or move the end of the one under way. Raises ValueError if it is over."""
    now = timezone.now()
    if until <= now:
        raise ValueError("A break ends in the future.")
    with transaction.atomic():
        lock_people([recipient.pk])
        Pause.objects.filter(recipient=recipient, ends_at__gt=now).update(ends_at=now)
        Pause.objects.create(recipient=recipient, starts_at=now, ends_at=until, source=source)
        happened(Event.CHOSE, [recipient.pk])
        record(recipient, "pause.begun", by=by, note=until.date().isoformat())
        nudge(consent_changed, recipient_id=recipient.pk)


def resume(recipient: Recipient, *, by: Actor) -> None:
    """End the break under way, if there is one."""
    now = timezone.now()
    with transaction.atomic():
        lock_people([recipient.pk])
        if Pause.objects.filter(recipient=recipient, ends_at__gt=now).update(ends_at=now):
            happened(Event.CHOSE, [recipient.pk])
            record(recipient, "pause.ended", by=by)
            nudge(consent_changed, recipient_id=recipient.pk)
