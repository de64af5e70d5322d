"""Give one person what another one refused, since the CRM says that both are the same."""

from django.db import transaction

from outreach.history.actor import SYSTEM, Actor
from outreach.history.record import history_of, record
from outreach.preferences.choices import paused_until
from outreach.preferences.consent import withdraw
from outreach.preferences.frequency import carry_frequency
from outreach.preferences.models import ConsentRecord, Source, Subscription, Suppression
from outreach.preferences.pause import pause
from outreach.preferences.statements import carry_statements
from outreach.preferences.stay_behind import LASTING
from outreach.preferences.suppress import suppress
from outreach.recipients.lock import lock_people
from outreach.recipients.models import ContactLink, Recipient

MERGED = "contact.merged"
WHY = "Merged in the CRM with a contact that had asked for this."


def carry_over(gone: ContactLink, into: Recipient, *, by: Actor = SYSTEM) -> bool:
    """Bind `into` by what the person behind `gone` refused; False if there was nothing new.

    The strictest of two wins. To be said again at any time: what was carried over already, or was
    chosen anew since, is left alone. Wishes are not carried: who wants messages says so again.
    """
    with transaction.atomic():
        lock_people([gone.recipient_id, into.pk])
        is_first = not history_of(into).filter(verb=MERGED, note=str(gone)).exists()
        carried = [
            _refusals(gone.recipient, into, is_first=is_first, by=by),
            _stops(gone.recipient, into, is_first=is_first, by=by),
            is_first and gone.is_opted_out and _stop(into, Suppression.Reason.UNSUBSCRIBED, by),
            is_first and _break(gone.recipient, into, by=by),
            is_first and carry_frequency(gone.recipient, into, by=by),
            carry_statements(gone.recipient, into, by=by),
        ]
        if is_first:
            record(into, MERGED, by=by, note=str(gone))
    return any(carried)


def _refusals(gone: Recipient, into: Recipient, *, is_first: bool, by: Actor) -> bool:
    already = set(
        Subscription.objects.filter(recipient=into, is_granted=False).values_list(
            "topic", "channel"
        )
    )
    by_channel: dict[str, list[Subscription]] = {}
    refused = gone.subscriptions.filter(is_granted=False).exclude(record__source=Source.EXPIRY)
    for row in refused.select_related("topic"):
        if (row.topic_id, row.channel) in already:
            continue
        if is_first or not _chose_since(into, row):
            by_channel.setdefault(row.channel, []).append(row)
    for channel, rows in by_channel.items():
        topics = [row.topic for row in rows]
        withdraw(into, topics, channel=channel, source=Source.API, by=by, note=WHY)
    return bool(by_channel)


def _chose_since(into: Recipient, refusal: Subscription) -> bool:
    return ConsentRecord.objects.filter(
        recipient=into,
        topic=refusal.topic_id,
        channel=refusal.channel,
        pk__gt=refusal.record_id,
    ).exists()


def _stops(gone: Recipient, into: Recipient, *, is_first: bool, by: Actor) -> bool:
    carried = False
    for stop in gone.suppressions.filter(reason__in=LASTING, lifted_at__isnull=True):
        same = into.suppressions.filter(reason=stop.reason, channel=stop.channel)
        if is_first or not same.filter(since_at__gte=stop.since_at).exists():
            carried |= _stop(into, stop.reason, by, stop.channel)
    return carried


def _stop(into: Recipient, reason: str, by: Actor, channel: str = "") -> bool:
    held = into.suppressions.filter(reason=reason, channel=channel, lifted_at__isnull=True)
    if held.exists():
        return False
    made = suppress(reason=reason, by=by, recipient=into, channel=channel, note=WHY)
    return made is not None


def _break(gone: Recipient, into: Recipient, *, by: Actor) -> bool:
    until, own = paused_until(gone), paused_until(into)
    if until is None or (own is not None and own >= until):
        return False
    pause(into, until=until, source=Source.API, by=by)
    return True
