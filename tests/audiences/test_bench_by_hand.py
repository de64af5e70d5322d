"""What the benchmark holds a freeze against is the same audience, row for row."""

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from benchmarks.by_hand import freeze_by_hand, preview_by_hand
from benchmarks.people import fill, make_campaign
from outreach.audiences.freeze import freeze
from outreach.audiences.waterfall import waterfall
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run

pytestmark = pytest.mark.django_db
PEOPLE = 2_000
REASONS = {
    "",
    "gone",
    "no_address",
    "host_opt_out",
    "suppressed",
    "opted_out",
    "no_consent",
    "too_new",
    "paused",
    "too_often",
    "capped",
}


@pytest.mark.parametrize("freeze_range", [0, 700])
def test_the_hand_written_sql_makes_the_same_rows_with_the_same_reasons(freeze_range: int) -> None:
    topic, group = fill(PEOPLE)
    with override_settings(OUTREACH={**settings.OUTREACH, "FREEZE_RANGE": freeze_range}):
        ours = freeze(make_campaign(topic, group, "Ours"), by=SYSTEM)
        by_hand = Run.objects.create(
            campaign=make_campaign(topic, group, "By hand"),
            channel="email",
            state="frozen",
            frozen_at=timezone.now(),
        )
        freeze_by_hand(topic, group, by_hand, PEOPLE)
    assert rows_of(by_hand) == rows_of(ours)
    assert len(rows_of(ours)) == PEOPLE
    told = waterfall(ours)
    assert {"": told.included, **{bar.code: bar.count for bar in told.bars}} == preview_by_hand(
        topic, group, PEOPLE
    )
    assert {row[3] for row in rows_of(ours)} == REASONS


def rows_of(run: Run) -> set[tuple[object, ...]]:
    columns = ("recipient", "address", "state", "reason", "recipient_slot", "address_slot")
    rest = ("channel", "coordination_key", "cap_on", "asks_to_go_on")
    return set(Delivery.objects.filter(run=run).values_list(*columns, *rest))
