"""The two ways out of messages: of one topic, or of everything."""

from django.db import transaction
from django.utils import timezone

from outreach.centre.link import Link
from outreach.history.actor import CUSTOMER
from outreach.ledger.models import DeliveryEvent
from outreach.ledger.settle import note
from outreach.preferences.consent import withdraw
from outreach.preferences.models import Objection, Subscription, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Recipient

EVERYTHING = "everything"


def stop_topic(link: Link, *, source: str, said: str = "") -> None:
    """No more about this topic, to this person and at this address; `said` is why.

    Repeats without new words write nothing, and words of whoever was erased are not kept.
    """
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        if said and _is_erased(link):
            said = ""
        if said or not _is_refused(link):
            withdraw(
                link.recipient,
                [link.topic],
                channel=link.channel,
                source=source,
                by=CUSTOMER,
                address=link.address,
                note=said,
            )
    note_unsubscribed(link, link.topic.slug)


def stop_everything(link: Link) -> None:
    """No more at all, but routine messages. Repeats write nothing."""
    suppress(
        reason=Suppression.Reason.UNSUBSCRIBED,
        by=CUSTOMER,
        recipient=link.recipient,
        address=link.address,
    )
    note_unsubscribed(link, EVERYTHING)


def note_unsubscribed(link: Link, detail: str) -> None:
    """Keep, once, that this message led somebody to ask for less.

    In a transaction of its own: the webhooks lock a delivery before a person, we the other way.
    The letter that asks whether a wish goes on is no message of a campaign, and keeps none.
    """
    if link.attempt is None:
        return
    note(
        link.attempt,
        DeliveryEvent.Kind.UNSUBSCRIBED,
        at=timezone.now(),
        detail=detail,
        dedupe_key=f"unsubscribed:{link.attempt.key.hex}",
    )


def _is_erased(link: Link) -> bool:
    return Recipient.objects.filter(pk=link.recipient.pk, erased_at__isnull=False).exists()


def _is_refused(link: Link) -> bool:
    subscription = Subscription.objects.filter(
        recipient=link.recipient, topic=link.topic, channel=link.channel, is_granted=False
    )
    objection = Objection.objects.filter(address=link.address, topic=link.topic)
    return subscription.exists() and objection.exists()
