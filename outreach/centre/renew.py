"""Wishes that are about to be over, on the page of their person: keep one, or let it end."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.centre.change import address_for, as_shown, ours
from outreach.centre.form import BadForm
from outreach.centre.link import Link
from outreach.centre.seen import Seen, refused_since
from outreach.centre.standing import Standing
from outreach.centre.stop import note_unsubscribed
from outreach.centre.wording import BY_CHANNEL, local_date
from outreach.history.actor import CUSTOMER
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.how_long import counts_until
from outreach.preferences.models import Act, Source, Subscription, Topic
from outreach.preferences.renewal import about_to_end, ending_wishes
from outreach.recipients.lock import lock_with_addresses
from outreach.recipients.models import Channel
from outreach.tracking.storable import storable

LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Ending:
    """One wish. `key` names it in a form; `kept_until` is empty where it would have no end."""

    key: str
    topic: str
    channel: str
    ends_on: str
    kept_until: str


def endings(standing: Standing, now: datetime) -> list[Ending]:
    """What is over soon, the most urgent first; only what counts as wanted today."""
    wanted = {(box.topic.pk, box.channel): box.topic for box in standing.boxes if box.is_wanted}
    routine = {topic.pk: topic for topic in standing.routine}
    found = []
    for topic_id, channel, ends_at in ending_wishes(standing.wishes, now):
        topic = routine.get(topic_id) or wanted.get((topic_id, Channel(channel)))
        if topic is not None:
            found.append(_ending(topic, Channel(channel), ends_at, now))
    return found


def keep(link: Link, key: str, seen: Seen) -> bool:
    """Renew a wish, also one that was over in the meantime; once, however often it is pressed.

    False where it was refused since the page was made: that stays. Raises BadForm for no wish.
    """
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        wish = _wish(link, key)
        if wish.is_granted and not about_to_end(timezone.now()).filter(pk=wish.pk).exists():
            return True
        is_refused = not wish.is_granted and wish.record.act != Act.EXPIRE
        if is_refused or (wish.topic_id, wish.channel) in refused_since(link, seen.at):
            return False
        grant(
            link.recipient,
            [wish.topic],
            channel=wish.channel,
            source=Source.PREFERENCE_PAGE,
            by=CUSTOMER,
            address=address_for(link, wish.channel, wanted=True),
            wording=ours(f"{_('Keep it')}: {as_shown(wish.topic)}"),
        )
    return True


def let_end(link: Link, key: str) -> None:
    """End a wish now: nobody who lets it go expects another message. Repeats write nothing."""
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        wish = _wish(link, key)
        if wish.is_granted:
            withdraw(
                link.recipient,
                [wish.topic],
                channel=wish.channel,
                source=Source.PREFERENCE_PAGE,
                by=CUSTOMER,
                address=address_for(link, wish.channel, wanted=False),
                wording=ours(f"{_('Let it end')}: {as_shown(wish.topic)}"),
            )
    if (wish.topic_id, wish.channel) == (link.topic.pk, link.channel):
        note_unsubscribed(link, link.topic.slug)


def _wish(link: Link, key: str) -> Subscription:
    slug, _colon, channel = storable(key, most=LONGEST_KEY).partition(":")
    held = Subscription.objects.select_related("topic", "record").filter(
        recipient=link.recipient, topic__slug=slug, channel=channel
    )
    if (wish := held.first()) is None:
        raise BadForm
    return wish


def _ending(topic: Topic, channel: Channel, ends_at: datetime, now: datetime) -> Ending:
    until = counts_until(topic, now)
    return Ending(
        key=f"{topic.slug}:{channel}",
        topic=topic.name,
        channel=str(BY_CHANNEL[channel]),
        ends_on=local_date(ends_at),
        kept_until=local_date(until) if until else "",
    )
