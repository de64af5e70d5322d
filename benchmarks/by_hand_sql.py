"""Who may be written to, in SQL written by hand: each rule is one branch with its code.

What few people meet is found by its rows, for a whole range at once: of each person the least
number counts, in the order of CODES. What is asked of everybody is joined.
"""

from django.db import connection

from benchmarks.aim import Aim
from outreach.recipients.models import Channel
from outreach.recipients.stages import below

IN_ORDER = """gone no_address stopped host_opt_out suppressed opted_out told_against other_channel
    no_consent too_new paused too_often silent won_back first_not_sale coordinated capped
    shared_address"""
CODES = ("", *IN_ORDER.split())
N = {code: number for number, code in enumerate(CODES)}
CODE_OF = " ".join(f"WHEN {number} THEN '{code}'" for number, code in enumerate(CODES))


def insert(aim: Aim, after: int) -> str:
    """Who has a free place, and is the first at an address, gets it."""
    return f"""
    INSERT INTO outreach_delivery (run_id, asks_to_go_on, recipient_id, address_id, channel,
        state, reason, recipient_slot, address_slot)
    WITH {parts(aim)},
    decided AS MATERIALIZED ({decided(aim, has_rows=after > 0)}),
    shared AS MATERIALIZED (SELECT address, MIN(person) AS first FROM decided
        WHERE number = 0 GROUP BY address HAVING COUNT(*) > 1),
    settled AS (SELECT person, decided.address,
            CASE WHEN number = 0 AND first < person THEN {N["shared_address"]} ELSE number END
            AS number
        FROM decided LEFT JOIN shared ON shared.address = decided.address)
    SELECT %(run)s, %(asks)s, person, address, 'email',
        CASE number WHEN 0 THEN 'planned' ELSE 'excluded' END, CASE number {CODE_OF} END,
        CASE number WHEN 0 THEN person END, CASE number WHEN 0 THEN address END
    FROM settled
    """


def count(aim: Aim) -> str:
    return f"""
    WITH {parts(aim)}, decided AS MATERIALIZED ({decided(aim, has_rows=False)})
    SELECT number, COUNT(*), 0 FROM decided WHERE number > 0 GROUP BY number
    UNION ALL SELECT 0, COUNT(address), COUNT(DISTINCT address) FROM decided WHERE number = 0
    """


def of_range(column: str) -> str:
    return f"{column} > %(after)s AND {column} <= %(upto)s"


def listed(keys: tuple[int, ...]) -> str:
    return ", ".join(map(str, keys))


def members(group: int) -> str:
    """Who was picked, and did not say that they do not belong."""
    return f"""SELECT recipient_id AS person FROM outreach_membership
        WHERE group_id = {group} AND {of_range("recipient_id")} AND NOT EXISTS (
            SELECT 1 FROM outreach_groupexclusion AS said_no WHERE said_no.group_id = {group}
            AND said_no.recipient_id = outreach_membership.recipient_id)"""


def parts(aim: Aim) -> str:
    """What is asked once. Of `got`, each row is a message to somebody of the range."""
    no = " UNION ALL ".join(refusals(aim))
    return f"""
    gone AS MATERIALIZED (SELECT recipient_id AS person FROM outreach_contactlink AS link
        WHERE gone_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outreach_contactlink AS live
            WHERE live.recipient_id = link.recipient_id AND live.gone_at IS NULL)),
    stop AS NOT MATERIALIZED (SELECT recipient_id AS person, address_id AS address,
            reason <> 'hard_bounce' AS is_of_person, reason = 'unsubscribed' AS is_wish,
            CASE reason WHEN 'unsubscribed' THEN {N["stopped"]} ELSE {N["suppressed"]} END AS number
        FROM outreach_suppression
        WHERE lifted_at IS NULL AND channel IN ('', 'email')),
    mark AS NOT MATERIALIZED (SELECT recipient_id AS person, gone_at IS NOT NULL AS is_gone
        FROM outreach_contactlink WHERE is_opted_out),
    word AS NOT MATERIALIZED (SELECT recipient_id AS person, said_at
        FROM outreach_statementtopic AS tied
        JOIN outreach_statement AS said ON said.id = tied.statement_id
        WHERE tied.topic_id = %(topic)s AND NOT is_for AND taken_back_at IS NULL),
    bound AS (SELECT person, said_at FROM word WHERE {of_range("person")}
        UNION ALL SELECT other.recipient_id, said_at FROM word
        {at_their_addresses("word")} AND word.person IN (SELECT person FROM gone)),
    got AS MATERIALIZED (SELECT recipient_id AS person, delivery.state, cap_on, asks_to_go_on,
            delivered_at, started_at, campaign_id, approach, topic_id = %(topic)s AS is_on_topic,
            cap_on BETWEEN %(week_before)s AND %(week_after)s AS is_in_week,
            cap_on BETWEEN %(month_before)s AND %(month_after)s AS is_in_month
        FROM outreach_delivery AS delivery CROSS JOIN outreach_run AS run
        CROSS JOIN outreach_campaign AS campaign
        WHERE {of_range("recipient_id")} AND run.id = run_id AND campaign.id = campaign_id
            AND (cap_on IS NOT NULL OR delivered_at IS NOT NULL
                OR delivery.state IN ('sent', 'delivered'))),
    refused AS MATERIALIZED (SELECT person, MIN(number) AS number FROM ({no}) AS no
        GROUP BY person)
    """


FIRST = "other.channel = 'email' AND other.position = 0"
IS_GONE = "IN (SELECT person FROM gone)"


def at_their_addresses(who: str) -> str:
    """Joins the `other` people who have an address of whom a row is about."""
    return f"""CROSS JOIN outreach_recipientaddress AS theirs
        CROSS JOIN outreach_recipientaddress AS other
        WHERE theirs.recipient_id = {who}.person AND other.address_id = theirs.address_id
            AND {of_range("other.recipient_id")}"""


def at_address(where: str) -> str:
    """Joins the `other` people who have the address of a row."""
    return f"""CROSS JOIN outreach_recipientaddress AS other
        WHERE other.address_id = {where} AND {of_range("other.recipient_id")}"""


def is_there(person: str, address: str) -> str:
    """Whether the person is in the CRM and still has the address."""
    return f"""EXISTS (SELECT 1 FROM outreach_recipientaddress AS own
        WHERE own.recipient_id = {person} AND own.address_id = {address}
            AND NOT own.recipient_id {IS_GONE})"""


def left_out(aim: Aim) -> list[str]:
    """Members of groups, and whom earlier campaigns reached."""
    found = [members(group) for group in aim.left_out]
    if aim.earlier:
        found.append(f"""SELECT recipient_id FROM outreach_delivery
            WHERE {of_range("recipient_id")} AND state IN
                ('planned', 'claimed', 'soft_bounced', 'sent', 'delivered', 'unknown')
            AND run_id IN (SELECT id FROM outreach_run
                WHERE started_at IS NOT NULL AND campaign_id IN ({listed(aim.earlier)}))""")
    return found


def refusals(aim: Aim) -> list[str]:
    """Rows of a person and the number of a rule that says no."""
    found = [*by_themselves(), *by_others(), *by_messages()]
    if aim.coordination is not None:
        found.append(f"""SELECT recipient_slot, {N["coordinated"]}
            FROM outreach_delivery AS delivery JOIN outreach_run AS run ON run.id = run_id
            JOIN outreach_campaign AS campaign ON campaign.id = campaign_id
            WHERE coordination_key = '{aim.coordination}' AND {of_range("recipient_slot")}
                AND NOT (delivery.state = 'planned' AND coordination_rank > {aim.rank})""")
    if not aim.passes_cap:
        found.append(f"""SELECT recipient_id, {N["capped"]} FROM outreach_delivery
            WHERE {of_range("recipient_id")} AND cap_on BETWEEN %(week_before)s AND %(week_after)s
            """)
    return found


def by_themselves() -> list[str]:
    """What is kept of the person."""
    return [
        f"SELECT person, {N['gone']} AS number FROM gone WHERE {of_range('person')}",
        f"SELECT person, number FROM stop WHERE {of_range('person')}",
        f"SELECT person, {N['host_opt_out']} FROM mark WHERE {of_range('person')}",
        f"""SELECT recipient_id, {N["opted_out"]} FROM outreach_subscription
            WHERE topic_id = %(topic)s AND channel = 'email' AND is_granted = FALSE
                AND {of_range("recipient_id")} AND (SELECT act FROM outreach_consentrecord
                    AS record WHERE record.id = record_id) <> 'expire'""",
        f"""SELECT person, {N["told_against"]} FROM bound
            WHERE NOT EXISTS (SELECT 1 FROM outreach_subscription AS wish
                JOIN outreach_consentrecord AS record ON record.id = record_id
                WHERE wish.recipient_id = person AND wish.topic_id = %(topic)s
                    AND wish.channel = 'email' AND is_granted
                    AND (wish.valid_until IS NULL OR wish.valid_until > %(now)s)
                    AND source IN ('preference_page', 'form', 'staff', 'phone')
                    AND since_at > bound.said_at)
            AND NOT EXISTS (SELECT 1 FROM outreach_statement AS later
                JOIN outreach_statementtopic AS tied ON tied.statement_id = later.id
                WHERE later.recipient_id = person AND topic_id = %(topic)s AND is_for
                    AND taken_back_at IS NULL AND later.said_at > bound.said_at)""",
        f"""SELECT recipient_id, {N["other_channel"]} FROM outreach_subscription AS elsewhere
            WHERE topic_id = %(topic)s AND channel IN ({ELSEWHERE}) AND is_granted = TRUE
                AND (valid_until IS NULL OR valid_until > %(now)s) AND {of_range("recipient_id")}
                AND NOT EXISTS (SELECT 1 FROM outreach_subscription AS wish
                    WHERE wish.recipient_id = elsewhere.recipient_id
                    AND wish.topic_id = %(topic)s AND wish.channel = 'email' AND is_granted
                    AND (wish.valid_until IS NULL OR wish.valid_until > %(now)s))""",
        f"""SELECT recipient_id, {N["paused"]} FROM outreach_pause
            WHERE {of_range("recipient_id")} AND starts_at <= %(now)s AND ends_at > %(now)s""",
    ]


REFUSER = "(SELECT recipient_id FROM outreach_consentrecord WHERE id = objection.record_id)"
ELSEWHERE = ", ".join(f"'{channel}'" for channel in Channel if channel != Channel.EMAIL)


def by_others() -> list[str]:
    """What binds an address, or whoever has an address of somebody's."""
    return [
        f"""SELECT other.recipient_id, number FROM stop {at_address("stop.address")}
            AND ({FIRST} OR is_of_person AND CASE WHEN person IS NULL THEN is_wish
                ELSE NOT {is_there("person", "address")} END)""",
        f"""SELECT other.recipient_id, number FROM stop {at_their_addresses("stop")}
            AND is_of_person AND ({FIRST} OR stop.person {IS_GONE})""",
        f"""SELECT other.recipient_id, {N["host_opt_out"]} FROM mark {at_their_addresses("mark")}
            AND ({FIRST} OR is_gone)""",
        f"""SELECT other.recipient_id, {N["opted_out"]} FROM outreach_objection AS objection
            {at_address("objection.address_id")} AND objection.topic_id = %(topic)s
            AND other.channel = 'email' AND (other.position = 0 OR NOT {
            is_there(REFUSER, "objection.address_id")
        })""",
    ]


def by_messages() -> list[str]:
    """What came of messages that the person got.

    SQLite would go through everybody once for a filter of those who lapsed.
    """
    is_sqlite = connection.vendor == "sqlite"
    has_lapsed = (
        "stage = 'lapsed'" if not is_sqlite else "stage = CASE WHEN person THEN 'lapsed' END"
    )
    return [
        f"""SELECT person, {N["too_often"]} FROM outreach_topicfrequency AS often
            JOIN got ON got.person = often.recipient_id
            WHERE often.topic_id = %(topic)s AND {of_range("often.recipient_id")} AND is_on_topic
                AND is_in_month AND (is_in_week OR at_most = 'monthly')""",
        f"""SELECT person, {N["silent"]} FROM got
            JOIN outreach_recipient AS whose ON whose.id = person
            WHERE is_on_topic AND delivered_at <= %(due)s
                AND (last_sign_at IS NULL OR delivered_at > last_sign_at)
            GROUP BY person HAVING COUNT(*) >= %(silent_after)s
                AND COUNT(CASE WHEN asks_to_go_on THEN 1 END) > 0""",
        f"""SELECT person, {N["won_back"]} FROM got
            JOIN outreach_recipient AS whose ON whose.id = person
            WHERE {has_lapsed} AND cap_on IS NOT NULL AND started_at >= stage_since_at
            GROUP BY person HAVING COUNT(*) >= %(win_backs)s""",
    ]


def greeted(aim: Aim) -> str:
    """Who had a message that was no sale, since they are in one of the groups."""
    return f"""SELECT DISTINCT got.person FROM got
        JOIN outreach_campaigngroup AS aimed ON aimed.campaign_id = got.campaign_id
        JOIN outreach_membership AS since ON since.group_id = aimed.group_id
            AND since.recipient_id = got.person AND since.added_at <= got.started_at
        WHERE state IN ('sent', 'delivered') AND approach <> 'sale' AND NOT is_left_out
            AND aimed.group_id IN ({listed(aim.groups)})"""


def decided(aim: Aim, *, has_rows: bool) -> str:
    """Everybody in the groups, with the number of the first rule that says no, or 0."""
    not_yet = too_late = joined = ""
    if aim.is_sale:
        joined = f"LEFT JOIN ({greeted(aim)}) AS known ON known.person = person.id "
        not_yet = f"""WHEN refused.number < {N["first_not_sale"]} THEN refused.number
            WHEN known.person IS NULL THEN {N["first_not_sale"]}"""
    if not aim.passes_cap:
        near = "FROM outreach_delivery WHERE cap_on BETWEEN %(week_before)s AND %(week_after)s"
        if connection.vendor == "sqlite":
            too_late = f"""WHEN EXISTS (SELECT 1 {near} AND address_id = held.address_id)
                THEN {N["capped"]}"""
        else:
            joined += f"""LEFT JOIN (SELECT DISTINCT address_id {near}) AS near
                ON near.address_id = held.address_id"""
            too_late = f"WHEN near.address_id IS NOT NULL THEN {N['capped']}"
    if has_rows:
        too_late += f""" WHEN EXISTS (SELECT 1 FROM outreach_delivery AS taken
            WHERE taken.run_id = %(run)s AND taken.address_slot = held.address_id)
            THEN {N["shared_address"]}"""
    return f"""
    SELECT person.id AS person, held.address_id AS address, CASE
        WHEN refused.number < {N["no_address"]} THEN refused.number
        WHEN held.address_id IS NULL THEN {N["no_address"]}
        WHEN refused.number < {N["no_consent"]} THEN refused.number
        WHEN wish.id IS NULL THEN {N["no_consent"]}
        WHEN person.stage IN ({aim_stages(aim)}) THEN {N["too_new"]}
        {not_yet}
        WHEN refused.number > 0 THEN refused.number
        {too_late}
        ELSE 0 END AS number
    FROM ({" UNION ".join(map(members, aim.groups))}) AS member
    JOIN outreach_recipient AS person ON person.id = member.person
    LEFT JOIN outreach_recipientaddress AS held ON held.recipient_id = person.id
        AND held.channel = 'email' AND held.position = 0 AND {of_range("held.recipient_id")}
    LEFT JOIN outreach_subscription AS wish ON wish.recipient_id = person.id
        AND wish.topic_id = %(topic)s AND wish.channel = 'email' AND wish.is_granted
        AND (wish.valid_until IS NULL OR wish.valid_until > %(now)s)
        AND {of_range("wish.recipient_id")}
    LEFT JOIN refused ON refused.person = person.id
    {joined}
    WHERE {of_range("person.id")} AND person.tenant = '' AND person.erased_at IS NULL
        {"".join(f" AND person.id NOT IN ({who})" for who in left_out(aim))}
    """


def aim_stages(aim: Aim) -> str:
    return ", ".join(f"'{stage}'" for stage in below(aim.topic.least_stage)) or "NULL"
