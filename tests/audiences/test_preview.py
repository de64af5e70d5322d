"""What a preview shows is what a freeze writes, line by line and person by person."""

from datetime import timedelta

import django.conf
import pytest
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outreach.audiences.freeze import freeze
from outreach.audiences.preview import SHARED, overlaps, people, preview
from outreach.audiences.reserve import reserve
from outreach.audiences.waterfall import waterfall
from outreach.campaigns.models import Campaign, CampaignGroup
from outreach.groups.broken_rule import BrokenRule
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.preferences.models import Source
from outreach.preferences.pause import pause
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group, make_recipient, make_topic, subscribe
from tests.groups.people import break_rule, in_italy, make_rule_group

pytestmark = pytest.mark.django_db


def some_people(kinds: list[int]) -> tuple[list[Recipient], "Campaign"]:
    topic = make_topic()
    made = []
    for kind in kinds:
        email = {0: None, 1: "house@example.com", 2: "two@example.com"}.get(kind, "")
        person = make_recipient(email)
        if kind != 3:
            subscribe(person, topic)
        if kind == 4:
            pause(
                person,
                until=timezone.now() + timedelta(days=30),
                source=Source.PREFERENCE_PAGE,
                by=SYSTEM,
            )
        made.append(person)
    return made, make_campaign(make_group(*made), topic=topic)


class AnyPeople(TestCase):
    @settings(max_examples=30)
    @given(st.lists(st.integers(0, 5), max_size=12))
    def test_d6_the_lines_and_the_people_behind_them_are_those_of_the_freeze(
        self, kinds: list[int]
    ) -> None:
        _, campaign = some_people(kinds)
        shown = preview(campaign)
        behind = {
            code: set(people(campaign, code).values_list("pk", flat=True))
            for code in ("", *(bar.code for bar in shown.bars))
        }
        run = freeze(campaign, by=SYSTEM)
        assert shown == waterfall(run)
        frozen: dict[str, set[int]] = {"": set()}
        for person, reason in Delivery.objects.filter(run=run).values_list("recipient", "reason"):
            frozen.setdefault(reason, set()).add(person)
        assert behind == frozen


@pytest.mark.parametrize("size", [1, 2, 3])
def test_d6_a_freeze_in_ranges_says_the_same(size: int) -> None:
    _, campaign = some_people([1, 5, 2, 1, 0, 2, 3, 1])
    shown = preview(campaign)
    with override_settings(OUTREACH={**django.conf.settings.OUTREACH, "FREEZE_RANGE": size}):
        assert shown == waterfall(freeze(campaign, by=SYSTEM))


def test_d6_a_preview_writes_nothing() -> None:
    _, campaign = some_people([1, 1, 3, 5])
    preview(campaign)
    list(people(campaign, None))
    overlaps(campaign)
    assert not Run.objects.exists()
    assert not Delivery.objects.exists()


def test_of_people_at_one_address_one_is_written_to() -> None:
    made, campaign = some_people([1, 1, 1, 2])
    assert preview(campaign).included == 2
    assert set(people(campaign, "")) == {made[0], made[3]}
    assert set(people(campaign, SHARED)) == {made[1], made[2]}
    assert set(people(campaign, None)) == set(made)


def test_c7_whoever_another_campaign_reserved_is_left_out_and_that_is_said() -> None:
    made, campaign = some_people([5, 5, 5])
    other = make_campaign(make_group(made[0], made[1]), topic=campaign.topic)
    freeze(other, by=SYSTEM)
    assert preview(campaign).included == 3, "nothing is reserved yet"
    assert [(each.campaign, each.people) for each in overlaps(campaign)] == [(other, 2)]
    reserve(Run.objects.get(campaign=other))
    assert preview(campaign).included == 1
    assert [(each.campaign, each.people) for each in overlaps(campaign)] == [(other, 2)]
    assert overlaps(other) == []


def test_b8_a_routine_message_takes_no_place_in_the_week() -> None:
    made, campaign = some_people([5])
    orders = make_topic("Your orders", purpose="routine")
    freeze(make_campaign(make_group(*made), topic=orders, purpose="routine"), by=SYSTEM)
    assert Delivery.objects.get().state == "planned"
    assert overlaps(campaign) == []


def test_c7_a_campaign_of_another_week_is_no_overlap() -> None:
    made, campaign = some_people([5])
    other = make_campaign(make_group(*made), topic=campaign.topic)
    freeze(other, by=SYSTEM)
    long_ago = timezone.localdate() - timedelta(days=7)
    Delivery.objects.update(state=Delivery.State.SENT, cap_on=long_ago)
    assert overlaps(campaign) == []


def test_who_is_left_out_of_the_groups_is_in_no_line() -> None:
    made, campaign = some_people([5, 5])
    CampaignGroup.objects.create(campaign=campaign, group=make_group(made[0]), is_left_out=True)
    assert preview(campaign).candidates == 1


def test_a_campaign_without_groups_has_nobody() -> None:
    campaign = make_campaign()
    assert (preview(campaign).candidates, list(people(campaign, None))) == (0, [])


def test_b3_a_broken_rule_shows_nobody_in_silence() -> None:
    campaign = make_campaign(break_rule(make_rule_group(in_italy())))
    for ask in (preview, overlaps, lambda each: list(people(each, None))):
        with pytest.raises(BrokenRule):
            ask(campaign)
