"""What a person chose, as they would read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from outreach.preferences.models import (
    Objection,
    Pause,
    Purpose,
    Subscription,
    Suppression,
    Topic,
)
from outreach.preferences.passed_on import refusals_passed_on
from outreach.preferences.said_against import refused_in_words
from outreach.recipients.models import Address, Recipient


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """One line of the preference page; `wanted` is by channel, absent where never asked."""

    topic: Topic
    wanted: dict[str, bool]

    @property
    def is_routine(self) -> bool:
        return self.topic.purpose == Purpose.ROUTINE


def choices_of(recipient: Recipient, address: Address | None = None) -> list[TopicChoice]:
    """Every topic on offer with what the person chose; a refusal of the address wins, and so does
    one by a contact that the CRM merged into this one, or in the person's own words."""
    granted: dict[int, dict[str, bool]] = {}
    for topic_id, channel, is_granted in Subscription.objects.filter(
        recipient=recipient
    ).values_list("topic", "channel", "is_granted"):
        granted.setdefault(topic_id, {})[channel] = is_granted
    if address:
        for topic_id in Objection.objects.filter(address=address).values_list("topic", flat=True):
            granted.setdefault(topic_id, {})[address.channel] = False
    for topic_id, channel in refusals_passed_on(recipient).values_list("topic", "address__channel"):
        granted.setdefault(topic_id, {})[channel] = False
    for topic_id, channel in refused_in_words(recipient):
        granted.setdefault(topic_id, {})[channel] = False
    topics = Topic.objects.filter(tenant=recipient.tenant, is_active=True)
    return [TopicChoice(topic, granted.get(topic.pk, {})) for topic in topics]


def is_stopped(recipient: Recipient, address: Address | None = None) -> bool:
    """Whether nothing but routine messages is sent, because the person asked for that."""
    return (
        Suppression.objects.filter(reason=Suppression.Reason.UNSUBSCRIBED, lifted_at__isnull=True)
        .filter(Q(recipient=recipient) | (Q(address=address) if address else Q(pk__in=[])))
        .exists()
    )


def paused_until(recipient: Recipient) -> datetime | None:
    """When the break under way ends; None without one."""
    return (
        Pause.objects.filter(recipient=recipient, ends_at__gt=timezone.now())
        .order_by("-ends_at")
        .values_list("ends_at", flat=True)
        .first()
    )
