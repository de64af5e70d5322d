"""The audience of a benchmark as somebody would write it by hand, for these people alone.

`people` makes nobody who was merged, shares an address or was stopped on one channel, so nothing
asks for that here; what is left out is what the app pays for being right about everybody. A test
shows that the rows and the reasons are the same.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from outreach.audiences.ranges import range_size
from outreach.eligibility.decide import house_date
from outreach.ledger.models import Run
from outreach.recipients.uncompiled import without_jit

DECIDED = """
    SELECT person.id AS person, held.address_id AS address, CASE
        WHEN person.id IN (SELECT recipient_id FROM outreach_contactlink
            WHERE gone_at IS NOT NULL AND {of_recipient}) THEN 'gone'
        WHEN held.address_id IS NULL THEN 'no_address'
        WHEN person.id IN (SELECT recipient_id FROM outreach_contactlink
            WHERE is_opted_out AND {of_recipient}) THEN 'host_opt_out'
        WHEN person.id IN (SELECT recipient_id FROM outreach_suppression
                WHERE lifted_at IS NULL AND {of_recipient})
            OR held.address_id IN (SELECT address_id FROM outreach_suppression
                WHERE lifted_at IS NULL AND address_id IS NOT NULL) THEN 'suppressed'
        WHEN person.id IN (SELECT recipient_id FROM outreach_subscription WHERE NOT is_granted
                AND topic_id = %(topic)s AND channel = 'email' AND {of_recipient})
            OR held.address_id IN (SELECT address_id FROM outreach_objection
                WHERE topic_id = %(topic)s) THEN 'opted_out'
        WHEN person.id NOT IN (SELECT recipient_id FROM outreach_subscription WHERE is_granted
            AND (valid_until IS NULL OR valid_until > %(now)s)
            AND topic_id = %(topic)s AND channel = 'email' AND {of_recipient}) THEN 'no_consent'
        WHEN person.stage = 'stranger' THEN 'too_new'
        WHEN person.id IN (SELECT recipient_id FROM outreach_pause
            WHERE starts_at <= %(now)s AND ends_at > %(now)s AND {of_recipient}) THEN 'paused'
        WHEN person.id IN (SELECT recipient_id FROM outreach_topicfrequency
                WHERE topic_id = %(topic)s AND at_most = 'monthly' AND {of_recipient})
            AND person.id IN (SELECT delivery.recipient_id FROM outreach_delivery delivery
                JOIN outreach_run run ON run.id = delivery.run_id
                JOIN outreach_campaign campaign ON campaign.id = run.campaign_id
                WHERE campaign.topic_id = %(topic)s
                AND delivery.cap_on BETWEEN %(month_before)s AND %(month_after)s
                AND delivery.recipient_id > %(after)s AND delivery.recipient_id <= %(upto)s)
            THEN 'too_often'
        WHEN person.id IN (SELECT recipient_id FROM outreach_delivery
                WHERE cap_on BETWEEN %(week_before)s AND %(week_after)s AND {of_recipient})
            OR EXISTS (SELECT 1 FROM outreach_delivery AS at_it
                WHERE at_it.address_id = held.address_id
                AND at_it.cap_on BETWEEN %(week_before)s AND %(week_after)s) THEN 'capped'
        ELSE '' END AS reason
    FROM outreach_recipient person
    LEFT JOIN outreach_recipientaddress held ON held.recipient_id = person.id
        AND held.channel = 'email' AND held.position = 0
        AND held.recipient_id > %(after)s AND held.recipient_id <= %(upto)s
    WHERE person.id > %(after)s AND person.id <= %(upto)s
        AND person.tenant = '' AND person.erased_at IS NULL
        AND person.id IN (SELECT recipient_id FROM outreach_membership
            WHERE group_id = %(group)s AND {of_recipient})
""".format(of_recipient="recipient_id > %(after)s AND recipient_id <= %(upto)s")

INSERT = f"""
    INSERT INTO outreach_delivery (run_id, asks_to_go_on, recipient_id, address_id, channel,
        state, reason, recipient_slot, address_slot)
    WITH decided AS MATERIALIZED ({DECIDED})
    SELECT %(run)s, %(asks)s, person, address, 'email',
        CASE WHEN reason = '' THEN 'planned' ELSE 'excluded' END, reason,
        CASE WHEN reason = '' THEN person END, CASE WHEN reason = '' THEN address END
    FROM decided
"""
COUNT = f"SELECT reason, COUNT(*) FROM ({DECIDED}) AS decided GROUP BY reason"


def freeze_by_hand(topic: Any, group: Any, run: Run, upper: int) -> None:
    """Write the rows in the ranges that a freeze has."""
    size = range_size()
    for after in range(0, upper, size):
        with transaction.atomic(), connection.cursor() as cursor:
            without_jit()
            cursor.execute(INSERT, _asked(topic, group, after, after + size, run=run.pk))


def preview_by_hand(topic: Any, group: Any, upper: int) -> dict[str, int]:
    """How many there are for each reason, "" for who would get it."""
    with transaction.atomic(), connection.cursor() as cursor:
        without_jit()
        cursor.execute(COUNT, _asked(topic, group, 0, upper))
        return dict(cursor.fetchall())


def _asked(topic: Any, group: Any, after: int, upto: int, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    today, week, month = house_date(now), timedelta(days=6), timedelta(days=29)
    named: dict[str, Any] = {
        "now": now,
        "week_before": today - week,
        "week_after": today + week,
        "month_before": today - month,
        "month_after": today + month,
    }
    if connection.vendor == "sqlite":  # which keeps them as text
        named = {name: str(value).removesuffix("+00:00") for name, value in named.items()}
    return {
        **named,
        **more,
        "topic": topic.pk,
        "group": group.pk,
        "after": after,
        "upto": upto,
        "asks": False,
    }
