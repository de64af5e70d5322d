"""The audience of a campaign as somebody would write it by hand, right for whatever there is.

For a commercial campaign by e-mail to groups picked by hand, with the settings as they come and
without tenants or rules of the host. A test shows that the rows and the reasons are the same.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.aim import Aim
from benchmarks.by_hand_sql import CODES, count, insert
from outreach.audiences.ranges import range_size
from outreach.conf import conf
from outreach.eligibility.decide import house_date
from outreach.ledger.models import Run
from outreach.recipients.many_rows import ask_of_many


def freeze_by_hand(topic: Any, group: Any, run: Run, upper: int) -> None:
    """Write the rows in the ranges that a freeze has."""
    freeze_aim(Aim(topic, (group.pk,)), run, upper)


def freeze_aim(aim: Aim, run: Run, upper: int) -> None:
    """None of the run's rows counts against the week yet, or against another campaign."""
    size = range_size()
    for after in range(0, upper, size):
        with transaction.atomic(), connection.cursor() as cursor:
            ask_of_many()
            cursor.execute(insert(aim, after), asked(aim, after, after + size, run=run.pk))


def preview_by_hand(topic: Any, group: Any, upper: int) -> dict[str, int]:
    """How many there are for each reason, "" for who would get it."""
    return preview_aim(Aim(topic, (group.pk,)), upper)


def preview_aim(aim: Aim, upper: int) -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        ask_of_many()
        cursor.execute(count(aim), asked(aim, 0, upper))
        rows = cursor.fetchall()
    counts = {CODES[number]: people for number, people, _places in rows if people}
    people, places = next((people, places) for number, people, places in rows if number == 0)
    if people > places:  # of those who share an address one gets it
        counts |= {"": places, "shared_address": people - places}
    return counts


def asked(aim: Aim, after: int, upto: int, **more: Any) -> dict[str, Any]:
    now, house = timezone.now(), conf()
    today, week, month = house_date(now), timedelta(house.cap_days - 1), timedelta(29)
    named: dict[str, Any] = {
        "now": now,
        "due": now - house.sign_within,
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
        "topic": aim.topic.pk,
        "silent_after": aim.topic.silent_after or house.silent_after,
        "win_backs": house.win_backs,
        "after": after,
        "upto": upto,
        "asks": False,
    }
