"""The answer to a message that asked whether to go on, before its topic falls silent (D3)."""

from django.db import transaction

from outreach.centre.form import BadForm
from outreach.centre.link import Link
from outreach.centre.standing import Standing
from outreach.history.actor import CUSTOMER
from outreach.history.record import record
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient
from outreach.recipients.stages import Event, happened

GOES_ON = "wish.goes_on"


def asks(link: Link, standing: Standing) -> bool:
    """Whether the message asked, nobody answered it since, and the topic is wanted still.

    Any sign of life since is an answer, as it is for the rule that makes a topic silent.
    """
    is_wanted = any(
        box.is_wanted
        for box in standing.boxes
        if (box.topic, box.channel) == (link.topic, link.channel)
    )
    return is_wanted and _was_asked(link) and not _has_answered(link)


def go_on(link: Link) -> None:
    """Keep that the person wants to go on: a choice is a sign of life. Repeats write nothing.

    Raises BadForm where the message asked no such thing.
    """
    if not _was_asked(link):
        raise BadForm
    with transaction.atomic():
        lock_people([link.recipient.pk])
        if _has_answered(link):
            return
        happened(Event.CHOSE, [link.recipient.pk])
        record(link.recipient, GOES_ON, by=CUSTOMER, note=link.topic.name)


def _was_asked(link: Link) -> bool:
    return bool(link.delivery and link.delivery.asks_to_go_on)


def _has_answered(link: Link) -> bool:
    """Asked of the database: the page may have been opened before."""
    if link.attempt is None:
        return False
    asked_at = (link.delivery and link.delivery.delivered_at) or link.attempt.claimed_at
    people = Recipient.objects.filter(pk=link.recipient.pk)
    return people.filter(last_sign_at__gte=asked_at).exists()
