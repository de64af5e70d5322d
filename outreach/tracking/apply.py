"""Act on what providers reported: each report once, whenever and in whatever order it comes."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from outreach.tenancy import is_nobodys
from outreach.tracking.classify import classify, status_in
from outreach.tracking.models import ProviderEvent
from outreach.tracking.storable import storable
from outreach.tracking.subjects import Report, hand_out

logger = logging.getLogger("outreach")

State = ProviderEvent.State
BATCH = 500
MAY_COME_BEFORE_US = timedelta(minutes=10)
"""A report that names no key of ours may be faster than our own record of the provider's id."""


def apply(event: ProviderEvent) -> bool:
    """Take one report in, in one transaction with its effects; False if that is not done now.

    Never raises: what fails is marked and shown to staff, what only met a busy database is left
    for the next sweep.
    """
    try:
        with transaction.atomic():
            return _take_in(event)
    except OperationalError as error:
        logger.warning("Report %s is left for the next sweep: %s", event.pk, error)
    except Exception as error:
        logger.exception("Report %s could not be taken in", event.pk)
        ProviderEvent.objects.filter(pk=event.pk, state=State.NEW).update(
            state=State.FAILED, error=storable(f"{type(error).__name__}: {error}", most=250)
        )
    return False


def sweep() -> int:
    """Take in what was stored and not acted on, say after a crash."""
    waiting = ProviderEvent.objects.filter(state=State.NEW).order_by("pk")[:BATCH]
    return sum(apply(event) for event in waiting)


def take_again(event_ids: list[int]) -> int:
    """Give what failed, or found no message, another try; returns how many found theirs."""
    ProviderEvent.objects.filter(
        pk__in=event_ids, state__in=[State.FAILED, State.UNMATCHED]
    ).update(state=State.NEW, error="")
    again = ProviderEvent.objects.filter(pk__in=event_ids, state=State.NEW).order_by("pk")
    for event in again:
        apply(event)
    return ProviderEvent.objects.filter(pk__in=event_ids, state=State.APPLIED).count()


def _take_in(event: ProviderEvent) -> bool:
    mine = ProviderEvent.objects.filter(pk=event.pk)
    if not mine.filter(state=State.NEW).update(state=State.APPLIED):
        return False
    if hand_out(event.subject_kind, _report(event)):
        return True
    is_early = not is_nobodys() and timezone.now() - event.received_at < MAY_COME_BEFORE_US
    if is_early and event.message_id and not event.subject_kind:
        mine.update(state=State.NEW)
        return False
    mine.update(state=State.UNMATCHED)
    return True


def _report(event: ProviderEvent) -> Report:
    status = status_in(event.smtp_reply)
    return Report(
        effect=classify(
            event.event_type,
            reject_reason=event.reject_reason,
            bounce_type=event.bounce_type,
            smtp_reply=event.smtp_reply,
        ),
        key=key_of(event.subject_key),
        message_id=event.message_id,
        at=event.happened_at,
        detail=" ".join(filter(None, [event.bounce_type, status])),
    )


def key_of(text: str) -> UUID | None:
    """The key of a message as its metadata gives it; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
