"""The only writer of TopicFrequency: how often a person wants each topic at most (B11)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from outreach.history.actor import Actor
from outreach.history.record import record
from outreach.preferences.models import Topic
from outreach.preferences.wish_models import AtMost, TopicFrequency
from outreach.prepared import Prepared, Question, asked_key
from outreach.recipients.lock import lock_people
from outreach.recipients.models import Recipient
from outreach.recipients.stages import Event, happened
from outreach.signals import consent_changed, nudge

AS_IT_COMES = ""

_CHOSEN = Prepared(
    lambda: TopicFrequency.objects.filter(recipient=asked_key("person")).values_list(
        "topic", "at_most"
    )
)


def set_frequency(recipient: Recipient, wanted: Mapping[Topic, str], *, by: Actor) -> bool:
    """Keep how often each topic is wanted: an AtMost, or AS_IT_COMES. False if that was so.

    Raises ValueError for anything else.
    """
    chosen = {topic: AtMost(often) if often else None for topic, often in wanted.items()}
    with transaction.atomic():
        lock_people([recipient.pk])
        held = frequency_of(recipient)
        changed = {
            topic: often for topic, often in chosen.items() if held.get(topic.pk) is not often
        }
        if not changed:
            return False
        TopicFrequency.objects.filter(recipient=recipient, topic__in=list(changed)).delete()
        now = timezone.now()
        TopicFrequency.objects.bulk_create(
            [
                TopicFrequency(recipient=recipient, topic=topic, at_most=often, since_at=now)
                for topic, often in changed.items()
                if often
            ]
        )
        note = "; ".join(f"{topic}: {often or 'as it comes'}" for topic, often in changed.items())
        happened(Event.CHOSE, [recipient.pk])
        record(recipient, "frequency.chosen", by=by, note=note)
        nudge(consent_changed, recipient_id=recipient.pk)
    return True


def frequency_asked(recipient: Recipient) -> Question:
    """What frequency_of asks."""
    return _CHOSEN.about(person=recipient.pk)


def frequency_of(recipient: Recipient) -> dict[int, AtMost]:
    """What the person chose, by topic; a topic that is not here comes as it comes."""
    return {topic_id: AtMost(often) for topic_id, often in _CHOSEN.rows(person=recipient.pk)}


def stricter(one: str, other: str) -> str:
    """Which of two wishes means fewer messages."""
    return max(one, other, key=lambda often: AtMost(often).days if often else 0)


def carry_frequency(gone: Recipient, into: Recipient, *, by: Actor) -> bool:
    """Give `into` what `gone` chose, wherever that means fewer messages."""
    held = frequency_of(into)
    theirs = TopicFrequency.objects.filter(recipient=gone).select_related("topic")
    wanted = {row.topic: stricter(held.get(row.topic_id, ""), row.at_most) for row in theirs}
    return bool(wanted) and set_frequency(into, wanted, by=by)


def forget_frequency(recipient: Recipient) -> None:
    """For erasure."""
    TopicFrequency.objects.filter(recipient=recipient).delete()
