"""People of a made-up CRM, the same every time, written by the database itself.

Shares are chosen so that every reason to be left out occurs. Works on PostgreSQL and SQLite.
"""

from typing import Any

from django.db import connection

CHUNK = 100_000


def fill(size: int) -> tuple[Any, Any]:
    """`size` people with all that rules ask about; returns (topic, group of them all)."""
    from outreach.groups.models import ContactGroup
    from outreach.preferences.models import Topic

    topic = Topic.objects.create(slug="tastings", name="Tastings", description="About monthly")
    group = ContactGroup.objects.create(name="Everybody")
    earlier = _earlier_run(topic)
    for first in range(1, size + 1, CHUNK):
        with connection.cursor() as cursor:
            for sql in _statements(first, min(first + CHUNK - 1, size)):
                cursor.execute(sql.format(topic=topic.pk, group=group.pk, run=earlier.pk))
    _analyse()
    return topic, group


def make_campaign(topic: Any, group: Any, name: str) -> Any:
    from outreach.campaigns.models import Campaign, CampaignGroup
    from outreach.senders.models import Sender

    sender, _is_new = Sender.objects.get_or_create(name="Anna", email="a@example.com", phone="1")
    campaign = Campaign.objects.create(name=name, topic=topic, sender=sender, approach="tasting")
    CampaignGroup.objects.create(campaign=campaign, group=group)
    return campaign


def _earlier_run(topic: Any) -> Any:
    """A campaign of three days ago, that a sixth of all got."""
    from django.utils import timezone

    from outreach.ledger.models import Run

    campaign = make_campaign(topic, _nobody(), "Three days ago")
    now = timezone.now()
    return Run.objects.create(
        campaign=campaign, channel="email", state="done", frozen_at=now, started_at=now
    )


def _nobody() -> Any:
    from outreach.groups.models import ContactGroup

    return ContactGroup.objects.create(name="Nobody")


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _statements(first: int, last: int) -> list[str]:
    is_postgres = connection.vendor == "postgresql"
    if is_postgres:
        numbers = f"generate_series({first}, {last}) AS n(i)"
        public_id = "lpad(to_hex(i), 32, '0')::uuid"
        hashed, days_ago = "md5(i::text)", "CURRENT_DATE - 3"
        now, later = "now()", "now() + interval '30 days'"
    else:
        numbers = (
            f"(WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n "
            f"WHERE i < {last}) SELECT i FROM n) AS n"
        )
        public_id = hashed = "printf('%032x', i)"
        days_ago, now = "date('now', '-3 days')", "datetime('now')"
        later = "datetime('now', '+30 days')"
    return [
        f"""INSERT INTO outreach_recipient (id, tenant, public_id, name, given_name, family_name,
            company, language, chosen_language, time_zone, country, stage, created_at,
            stage_since_at)
        SELECT i, '', {public_id}, 'Given Family', 'Given', 'Family', '', 'it', '',
            'Europe/Rome', 'IT', CASE WHEN i % 40 = 6 THEN 'stranger' ELSE 'customer' END,
            {now}, {now} FROM {numbers}""",
        f"""INSERT INTO outreach_address (id, tenant, channel, value, value_hash, normaliser,
            created_at)
        SELECT i, '', 'email', 'person' || i || '@example.com', {hashed}, 1, {now}
            FROM {numbers}""",
        f"""INSERT INTO outreach_recipientaddress (recipient_id, address_id, channel, position)
        SELECT i, i, 'email', 0 FROM {numbers} WHERE i % 18 <> 0""",
        f"""INSERT INTO outreach_contactlink (tenant, source, model_label, contact_key,
            recipient_id, digest, is_opted_out, synced_at, gone_at)
        SELECT '', 'crm.contact', 'crm.Contact', CAST(i AS varchar(20)), i, '',
            i % 100 = 1, {now},
            CASE WHEN i % 500 = 9 THEN {now} END FROM {numbers}""",
        f"""INSERT INTO outreach_consentrecord (id, recipient_id, topic_id, channel, act, source,
            basis, at, actor_key)
        SELECT i, i, {{topic}}, 'email', CASE WHEN i % 50 = 3 THEN 'withdraw' ELSE 'grant' END,
            'staff', CASE WHEN i % 50 = 3 THEN '' ELSE 'consent' END, {now}, ''
            FROM {numbers} WHERE i % 5 <> 2""",
        f"""INSERT INTO outreach_subscription (recipient_id, topic_id, channel, is_granted,
            record_id, since_at)
        SELECT i, {{topic}}, 'email', i % 50 <> 3, i, {now} FROM {numbers} WHERE i % 5 <> 2""",
        f"""INSERT INTO outreach_objection (address_id, topic_id, record_id, since_at)
        SELECT i, {{topic}}, i, {now} FROM {numbers} WHERE i % 50 = 3 AND i % 5 <> 2""",
        f"""INSERT INTO outreach_pause (recipient_id, starts_at, ends_at, source)
        SELECT i, {now}, {later}, 'preference_page' FROM {numbers} WHERE i % 45 = 4""",
        f"""INSERT INTO outreach_suppression (tenant, channel, recipient_id, reason, note,
            since_at, actor_name, live_key, lifted_by, lift_reason)
        SELECT '', '', i, 'manual', '', {now}, '', 'm' || i, '', '' FROM {numbers}
            WHERE i % 200 = 5""",
        f"""INSERT INTO outreach_suppression (tenant, channel, address_id, reason, note,
            since_at, actor_name, live_key, lifted_by, lift_reason)
        SELECT '', '', i, 'hard_bounce', '', {now}, '', 'h' || i, '', '' FROM {numbers}
            WHERE i % 100 = 7""",
        f"""INSERT INTO outreach_topicfrequency (recipient_id, topic_id, at_most, since_at)
        SELECT i, {{topic}}, 'monthly', {now} FROM {numbers} WHERE i % 30 = 13""",
        f"""INSERT INTO outreach_delivery (run_id, recipient_id, address_id, channel, state,
            reason, recipient_slot, address_slot, cap_on, asks_to_go_on)
        SELECT {{run}}, i, i, 'email', 'sent', '', i, i, {days_ago},
            {"false" if is_postgres else "0"} FROM {numbers} WHERE i % 6 = 1 AND i % 18 <> 0""",
        f"""INSERT INTO outreach_membership (group_id, recipient_id, added_at, added_by, reason,
            source)
        SELECT {{group}}, i, {now}, '', '', '' FROM {numbers}""",
    ]
