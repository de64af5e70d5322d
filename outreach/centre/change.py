"""What a person changes on the preference page (B11). Each verb writes only what is new.

A form may be old, or come twice: nobody's refusal, in whichever way it was made since, is undone
by it. A verb that left such a refusal alone says so.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outreach.centre.form import BadForm
from outreach.centre.link import Link
from outreach.centre.seen import Seen, break_begun_since, refused_since
from outreach.centre.standing import Box, Standing, own_stops, standing_of
from outreach.centre.stop import note_unsubscribed
from outreach.exceptions import Conflict
from outreach.history.actor import CUSTOMER
from outreach.preferences.choices import paused_until
from outreach.preferences.consent import grant, withdraw
from outreach.preferences.frequency import set_frequency, stricter
from outreach.preferences.models import Purpose, Source, Subscription, Topic, Wording
from outreach.preferences.our_words import our_words
from outreach.preferences.pause import pause, resume
from outreach.preferences.suppress import lift
from outreach.recipients.lock import lock_people, lock_with_addresses
from outreach.recipients.models import Address

BREAKS = (30, 60, 90)
"""Lengths of a break on offer, in days."""


def save(link: Link, seen: Seen, *, ticked: Collection[str], often: Mapping[str, str]) -> bool:
    """Write each box, and how often, that was changed between the page and the form.

    What was not touched is not written. False if something was refused since, and stays so.
    """
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        standing = standing_of(link)
        refused = refused_since(link, seen.at)
        is_all = True
        for box in standing.boxes:
            is_ticked = box.key in ticked
            if is_ticked == (box.key in seen.ticked) or is_ticked == box.is_wanted:
                continue
            if is_ticked and (box.topic.pk, box.channel) in refused:
                is_all = False
                continue
            _write(link, box, wanted=is_ticked)
        set_frequency(link.recipient, _often(standing, seen, often), by=CUSTOMER)
    if _key(link) in seen.ticked and _key(link) not in ticked:
        note_unsubscribed(link, link.topic.slug)
    return is_all


def only_this(link: Link, slug: str) -> None:
    """Keep one topic where it is wanted now, and refuse every other (D5).

    Also those that were never asked for: what somebody else brings later as a sign of interest in
    them counts for less than this. Raises BadForm for a topic that is not on offer.
    """
    with transaction.atomic():
        lock_with_addresses(link.recipient.pk, [link.address.pk])
        standing = standing_of(link)
        kept = next((line.topic for line in standing.lines if line.topic.slug == slug), None)
        if kept is None:
            raise BadForm
        was_wanted = any(box.key == _key(link) and box.is_wanted for box in standing.boxes)
        for channel, topics in _not_refused_yet(link, standing).items():
            others = [topic for topic in topics.values() if topic != kept]
            if others:
                _refuse(link, channel, others, wording=_("Only “%(topic)s”") % {"topic": kept.name})
    if was_wanted and kept != link.topic:
        note_unsubscribed(link, link.topic.slug)


def take_break(link: Link, *, until: datetime) -> None:
    """No message until then, but routine ones. It does not cut a longer break short."""
    with transaction.atomic():
        lock_people([link.recipient.pk])
        under_way = paused_until(link.recipient)
        if under_way is None or under_way < until:
            pause(link.recipient, until=until, source=Source.PREFERENCE_PAGE, by=CUSTOMER)


def end_break(link: Link, seen: Seen) -> bool:
    """End the break that the page showed. False if another one was begun since."""
    with transaction.atomic():
        lock_people([link.recipient.pk])
        if break_begun_since(link, seen.at):
            return False
        resume(link.recipient, by=CUSTOMER)
    return True


def come_back(link: Link, seen: Seen) -> bool:
    """Lift what this person stopped; their topics are as they left them. False as in `save`."""
    is_all = True
    for stop in own_stops(link):
        if stop.since_at > seen.at:
            is_all = False
            continue
        try:
            lift(stop, by=CUSTOMER, why="The customer asked for messages again on their page.")
        except Conflict:
            continue  # pressed twice
    return is_all


def _not_refused_yet(link: Link, standing: Standing) -> dict[str, dict[int, Topic]]:
    """By channel, what is offered on the page or wanted, and not refused by this person."""
    held = Subscription.objects.filter(recipient=link.recipient).select_related("topic")
    refused = {(row.topic_id, row.channel) for row in held if not row.is_granted}
    found: dict[str, dict[int, Topic]] = defaultdict(dict)
    for row in held:
        if row.is_granted and row.topic.purpose != Purpose.ROUTINE:
            found[row.channel][row.topic_id] = row.topic
    for box in standing.boxes:
        if (box.topic.pk, box.channel) not in refused:
            found[box.channel][box.topic.pk] = box.topic
    return found


def _often(standing: Standing, seen: Seen, often: Mapping[str, str]) -> dict[Topic, str]:
    """Where somebody chose otherwise since the page was made, the stricter of the two."""
    return {
        line.topic: chosen if line.at_most == was else stricter(chosen, line.at_most)
        for line in standing.lines
        if (chosen := often.get(line.topic.slug)) is not None
        if chosen != (was := seen.often.get(line.topic.slug, ""))
    }


def _write(link: Link, box: Box, *, wanted: bool) -> None:
    verb = grant if wanted else withdraw
    verb(
        link.recipient,
        [box.topic],
        channel=box.channel,
        source=Source.PREFERENCE_PAGE,
        by=CUSTOMER,
        address=address_for(link, box.channel, wanted=wanted),
        wording=ours(as_shown(box.topic)),
    )


def _refuse(link: Link, channel: str, topics: Collection[Topic], *, wording: str) -> None:
    withdraw(
        link.recipient,
        topics,
        channel=channel,
        source=Source.PREFERENCE_PAGE,
        by=CUSTOMER,
        address=address_for(link, channel, wanted=False),
        wording=ours(wording),
    )


def address_for(link: Link, channel: str, *, wanted: bool) -> Address | None:
    """Where the choice binds. The link proves the mailbox it came to, and no other address:

    a wish for another channel takes back nothing that was refused there by whoever shares it.
    """
    if channel == link.channel:
        return link.address
    if wanted:
        return None
    return (
        Address.objects.filter(held__recipient=link.recipient, channel=channel)
        .order_by("held__position", "held__pk")
        .first()
    )


def ours(text: str) -> Wording:
    """Words of ours as a page shows them now, in the language that it speaks."""
    return our_words(text, language=get_language() or "")


def as_shown(topic: Topic) -> str:
    """The words beside the box that was ticked."""
    return f"{topic.name}: {topic.description}" + (f" ({topic.pace})" if topic.pace else "")


def _key(link: Link) -> str:
    return f"{link.topic.slug}:{link.channel}"
