from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outreach.audiences.freeze import freeze, freeze_soon, go_on
from outreach.audiences.freshness import is_fresh
from outreach.audiences.waterfall import waterfall
from outreach.campaigns.models import Campaign, CampaignGroup
from outreach.exceptions import Refused
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery, Run
from outreach.preferences.models import Source, Suppression, Topic
from outreach.preferences.pause import pause
from outreach.preferences.suppress import suppress
from outreach.recipients.models import Recipient
from tests.builders import (
    address_of,
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)

pytestmark = pytest.mark.django_db


def asked(topic: Topic, email: str | None = "") -> Recipient:
    recipient = make_recipient(email)
    subscribe(recipient, topic)
    return recipient


def reasons(run: Run) -> dict[int, str]:
    rows = Delivery.objects.filter(run=run).order_by("recipient")
    return dict(rows.values_list("recipient", "reason"))


def test_b1_each_candidate_is_in_the_ledger_included_or_with_a_reason() -> None:
    topic = make_topic()
    maria, piero, anna = asked(topic), make_recipient(), asked(topic, email=None)
    run = freeze(make_campaign(make_group(maria, piero, anna), topic=topic), by=SYSTEM)
    assert reasons(run) == {maria.pk: "", piero.pk: "no_consent", anna.pk: "no_address"}
    row = Delivery.objects.get(run=run, recipient=maria)
    assert (row.state, row.address, row.recipient_slot, row.address_slot) == (
        "planned",
        address_of(maria),
        maria.pk,
        address_of(maria).pk,
    )
    assert (run.state, run.included, run.excluded) == ("frozen", 1, 2)


def test_few_people_with_high_keys_are_worked_out_at_once() -> None:
    topic = make_topic()
    maria = Recipient.objects.create(pk=10**9, name="Maria")
    ugo = Recipient.objects.create(pk=10**9 + 1, name="Ugo")
    run = freeze_soon(make_campaign(make_group(maria, ugo), topic=topic), by=SYSTEM)
    assert (run.state, run.excluded, run.lower) == (Run.State.FROZEN, 2, maria.pk - 1)


def test_for_more_people_than_one_waits_for_it_goes_on_in_the_background(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topic = make_topic()
    campaign = make_campaign(make_group(asked(topic), asked(topic)), topic=topic)
    assert freeze_soon(campaign, by=SYSTEM).state == Run.State.FROZEN
    monkeypatch.setattr("outreach.audiences.freeze.WHILE_ONE_WAITS", 1)
    run = freeze_soon(campaign, by=SYSTEM)
    assert (run.state, run.cursor) == (Run.State.FREEZING, run.lower)
    assert go_on(run).state == Run.State.FROZEN


def test_a1_who_is_in_two_groups_is_there_once() -> None:
    topic = make_topic()
    maria = asked(topic)
    run = freeze(make_campaign(make_group(maria), make_group(maria), topic=topic), by=SYSTEM)
    assert run.included == 1


def test_a_group_can_be_left_out() -> None:
    topic = make_topic()
    maria, piero = asked(topic), asked(topic)
    campaign = make_campaign(make_group(maria, piero), topic=topic)
    CampaignGroup.objects.create(campaign=campaign, group=make_group(piero), is_left_out=True)
    assert list(reasons(freeze(campaign, by=SYSTEM))) == [maria.pk]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_shared_address_gets_one_message_also_across_ranges(size: int) -> None:
    topic = make_topic()
    people = [asked(topic, "casa@example.com") for _ in range(4)]
    with override_settings(OUTREACH={**settings.OUTREACH, "FREEZE_RANGE": size}):
        run = freeze(make_campaign(make_group(*people), topic=topic), by=SYSTEM)
    assert list(reasons(run).values()) == ["", *["shared_address"] * 3]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_what_binds_an_address_binds_it_in_ranges_of_any_size(size: int) -> None:
    topic = make_topic()
    first, sharing, last = asked(topic), asked(topic, "casa@example.com"), asked(topic)
    outside = make_recipient("casa@example.com")
    for bounced in (first, last):
        suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=address_of(bounced))
    suppress(reason=Suppression.Reason.MANUAL, by=SYSTEM, recipient=outside)
    with override_settings(OUTREACH={**settings.OUTREACH, "FREEZE_RANGE": size}):
        run = freeze(make_campaign(make_group(first, sharing, last), topic=topic), by=SYSTEM)
    assert reasons(run) == dict.fromkeys((first.pk, sharing.pk, last.pk), "suppressed")


def test_who_is_left_out_for_a_reason_does_not_take_the_address() -> None:
    topic = make_topic()
    first, second = asked(topic, "casa@example.com"), asked(topic, "casa@example.com")
    until = timezone.now() + timedelta(days=30)
    pause(first, until=until, source=Source.PREFERENCE_PAGE, by=SYSTEM)
    run = freeze(make_campaign(make_group(first, second), topic=topic), by=SYSTEM)
    assert reasons(run) == {first.pk: "paused", second.pk: ""}


def test_a_freeze_cut_short_goes_on_where_it_stopped() -> None:
    topic = make_topic()
    people = [asked(topic) for _ in range(6)]
    campaign = make_campaign(make_group(*people), topic=topic)
    whole = reasons(freeze(campaign, by=SYSTEM))
    with override_settings(OUTREACH={**settings.OUTREACH, "FREEZE_RANGE": 2}):
        run = freeze(campaign, by=SYSTEM)
        Delivery.objects.filter(run=run, recipient__gt=people[2].pk).delete()
        Run.objects.filter(pk=run.pk).update(state="freezing", cursor=people[2].pk, frozen_at=None)
        run.refresh_from_db()
        go_on(run)
    assert reasons(run) == whole


def test_a_new_freeze_replaces_the_old_one() -> None:
    topic = make_topic()
    campaign = make_campaign(make_group(asked(topic)), topic=topic)
    old, new = freeze(campaign, by=SYSTEM), freeze(campaign, by=SYSTEM)
    old.refresh_from_db()
    assert (old.state, old.current_slot) == ("replaced", None)
    assert new.current_slot == campaign
    assert set(Delivery.objects.filter(run=old).values_list("state", flat=True)) == {"withdrawn"}


def test_the_digest_names_the_people() -> None:
    topic = make_topic()
    maria, piero = asked(topic), asked(topic)
    campaign = make_campaign(make_group(maria, piero), topic=topic)
    first, same = freeze(campaign, by=SYSTEM), freeze(campaign, by=SYSTEM)
    assert first.digest == same.digest
    suppress(reason=Suppression.Reason.MANUAL, by=SYSTEM, recipient=piero)
    assert freeze(campaign, by=SYSTEM).digest != first.digest


def test_another_group_makes_the_audience_stale_and_another_text_does_not() -> None:
    topic = make_topic()
    campaign = make_campaign(make_group(asked(topic)), topic=topic)
    run = freeze(campaign, by=SYSTEM)
    campaign.variants.update(body="Dear {{ given_name | friend }}, another text.")
    assert is_fresh(run)
    CampaignGroup.objects.create(campaign=campaign, group=make_group())
    assert not is_fresh(run)


@pytest.mark.parametrize("state", [s for s in Campaign.State if s != Campaign.State.DRAFT])
def test_only_a_draft_is_worked_out(state: str) -> None:
    campaign = make_campaign(make_group(make_recipient()))
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    with pytest.raises(Refused):
        freeze(campaign, by=SYSTEM)


def test_without_a_group_it_says_what_to_do() -> None:
    with pytest.raises(Refused, match="Choose at least one group"):
        freeze(make_campaign(), by=SYSTEM)


def test_an_empty_group_is_an_empty_audience() -> None:
    run = freeze(make_campaign(make_group()), by=SYSTEM)
    assert (run.state, run.included, run.excluded) == ("frozen", 0, 0)


def test_d6_the_waterfall_adds_up_longest_first() -> None:
    topic = make_topic()
    people = [asked(topic), make_recipient(), make_recipient(), asked(topic, email=None)]
    figures = waterfall(freeze(make_campaign(make_group(*people), topic=topic), by=SYSTEM))
    assert [(bar.code, bar.count) for bar in figures.bars] == [
        ("no_consent", 2),
        ("no_address", 1),
    ]
    assert (figures.candidates, figures.included) == (4, 1)


def test_queries_do_not_grow_with_the_people() -> None:
    topic = make_topic()

    def queries_for(count: int) -> int:
        people = [asked(topic) for _ in range(count)]
        campaign = make_campaign(make_group(*people), topic=topic)
        with CaptureQueriesContext(connection) as captured:
            freeze(campaign, by=SYSTEM)
        return len(captured)

    queries_for(1)  # makes the tenant's lock
    assert queries_for(2) == queries_for(30)
