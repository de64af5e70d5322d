"""What the benchmark holds a freeze against is right for whatever there is, row for row."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings as live
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.aim import aim_of
from benchmarks.by_hand import freeze_aim, freeze_by_hand, preview_aim, preview_by_hand
from benchmarks.people import fill, make_campaign
from outreach.audiences.freeze import freeze
from outreach.audiences.preview import preview
from outreach.audiences.waterfall import Waterfall
from outreach.campaigns.models import Campaign, CampaignExclusion
from outreach.groups.models import GroupExclusion
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run
from tests.eligibility.build import KEY, Built, build
from tests.eligibility.tidy import tidy
from tests.eligibility.world import EMAIL, RULE_GROUP, RUN, Member, World
from tests.eligibility.worlds import worlds_of_choices, worlds_of_messages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
IS_THOROUGH = settings().derandomize and settings().max_examples >= 100  # as CI is
MANY = 500 if connection.vendor == "sqlite" else 100
EXAMPLES = MANY if IS_THOROUGH else min(settings().max_examples, 50)
many_examples = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
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
def test_the_same_rows_with_the_same_reasons_for_people_of_the_benchmark(freeze_range: int) -> None:
    topic, group = fill(PEOPLE)
    with override_settings(OUTREACH={**live.OUTREACH, "FREEZE_RANGE": freeze_range}):
        ours = freeze(make_campaign(topic, group, "Ours"), by=SYSTEM)
        by_hand = run_of(make_campaign(topic, group, "By hand"))
        freeze_by_hand(topic, group, by_hand, PEOPLE)
    assert rows_of(by_hand) == rows_of(ours)
    assert len(rows_of(ours)) == PEOPLE
    assert {row[3] for row in rows_of(ours)} == REASONS
    told = preview(make_campaign(topic, group, "Looked at"))
    assert preview_by_hand(topic, group, PEOPLE) == counts_of(told)


@dataclass(frozen=True)
class Narrowing:
    """Whom the campaign leaves out, and who (person, group) said that they do not belong."""

    left_out: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    said_no: tuple[tuple[int, int], ...] = ()


narrowings = st.builds(
    Narrowing,
    left_out=st.sampled_from([(), (), (), (0,), (1,)]),
    earlier=st.sampled_from([(), (), (), (1,), (1, 2)]),
    said_no=st.sampled_from([(), (), ((0, 0), (1, 1)), ((1, 0),)]),
)
worlds = st.one_of(worlds_of_choices(), worlds_of_messages())


@many_examples
@given(
    world=worlds,
    narrowing=narrowings,
    in_ranges_of=st.sampled_from([0, 1, 2]),
    by_hand_in=st.sampled_from([0, KEY + 1]),
)
def test_the_same_rows_with_the_same_reasons_in_any_world(
    world: World, narrowing: Narrowing, in_ranges_of: int, by_hand_in: int
) -> None:
    """A freeze begins at the first person, SQL by hand at 0; either may take several ranges."""
    house = {"WIN_BACKS": world.house.win_backs, "SILENT_AFTER": world.house.silent_after}
    with (
        time_machine.travel(NOW, tick=False),
        override_settings(OUTREACH={**live.OUTREACH, **house}),
        transaction.atomic(),
    ):
        campaign = campaign_in(build(fitting(world, narrowing)), narrowing)
        aim, upper = aim_of(campaign), KEY + len(world.people)
        told = counts_of(preview(campaign)), preview_aim(aim, upper)
        with ranges_of(in_ranges_of):
            ours = freeze(campaign, by=SYSTEM)
        by_hand = run_of(campaign)
        with ranges_of(by_hand_in):
            freeze_aim(aim, by_hand, upper)
        rows = rows_of(ours), rows_of(by_hand)
        transaction.set_rollback(True)
    assert rows[0] == rows[1]
    assert told[0] == told[1]


def ranges_of(size: int) -> override_settings:
    return override_settings(OUTREACH={**live.OUTREACH, "FREEZE_RANGE": size})


def fitting(world: World, narrowing: Narrowing) -> World:
    """The world where a commercial campaign by e-mail asks for hand-picked groups of everybody."""
    first = world.campaigns[RUN]
    groups = tuple(group for group in first.groups if group != RULE_GROUP)
    left_out = tuple(group for group in narrowing.left_out if group not in groups)
    first = replace(first, purpose="commercial", groups=groups, left_out=left_out)
    late = [Member(number, groups[0], since=0) for number in range(len(world.people))]
    return tidy(
        replace(
            world,
            channel=EMAIL,
            house=replace(world.house, cap_messages=1),
            members=(*world.members, *late),
            campaigns=(first, *world.campaigns[1:]),
        )
    )


def campaign_in(built: Built, narrowing: Narrowing) -> Campaign:
    campaign = built.runs[RUN].campaign
    there = {run.campaign_id for run in built.runs}
    CampaignExclusion.objects.bulk_create(
        CampaignExclusion(campaign=campaign, earlier_id=KEY + number)
        for number in narrowing.earlier
        if KEY + number in there
    )
    GroupExclusion.objects.bulk_create(
        GroupExclusion(group=built.groups[group], recipient=built.people[who])
        for who, group in narrowing.said_no
    )
    return Campaign.objects.get(pk=campaign.pk)


def counts_of(told: Waterfall) -> dict[str, int]:
    counts = {"": told.included, **{bar.code: bar.count for bar in told.bars}}
    return {code: count for code, count in counts.items() if count}


def run_of(campaign: Campaign) -> Run:
    now = timezone.now()
    return Run.objects.create(campaign=campaign, channel="email", state="frozen", frozen_at=now)


def rows_of(run: Run) -> list[tuple[object, ...]]:
    columns = ("recipient", "address", "state", "reason", "recipient_slot", "address_slot")
    rest = ("channel", "coordination_key", "cap_on", "asks_to_go_on")
    return sorted(Delivery.objects.filter(run=run).values_list(*columns, *rest), key=str)
