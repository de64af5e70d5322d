"""SQL that is worked out once for a shape answers for whatever the question is about."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Q
from django.test import override_settings
from django.utils import timezone

from outreach.audiences.freeze import freeze
from outreach.eligibility import compiled
from outreach.eligibility.again import ask_again
from outreach.eligibility.decide import REASON, decide_each, question_for, question_of, with_reason
from outreach.eligibility.rule import KeyRange, Keys
from outreach.eligibility.rules import erased
from outreach.eligibility.shape import shape_of
from outreach.history.actor import SYSTEM
from outreach.ledger.models import Delivery
from outreach.preferences.models import Source
from outreach.preferences.pause import pause
from outreach.recipients.models import Recipient
from tests.builders import make_campaign, make_group, make_recipient, make_topic, subscribe

pytestmark = pytest.mark.django_db


def test_questions_about_other_topics_people_and_times_have_one_shape() -> None:
    one, other = make_topic(), make_topic()
    first, second = question_for(one, "email"), question_for(other, "email")
    later = replace(second, at=second.at + timedelta(days=3), on=second.on + timedelta(days=3))
    assert shape_of(replace(first, within=KeyRange(0, 9))) == shape_of(
        replace(later, within=KeyRange(9, 12))
    )
    assert shape_of(replace(first, within=Keys((1, 2, 3)))) == shape_of(
        replace(first, within=Keys((4, 5, 6, 7)))
    )


@pytest.mark.parametrize("change", [{"channel": "sms"}, {"passes_cap": True}, {"run_id": 7}])
def test_what_changes_the_sql_is_in_the_shape(change: dict[str, object]) -> None:
    question = question_for(make_topic(), "email")
    assert shape_of(question) != shape_of(replace(question, **change))  # type: ignore[arg-type]


def test_each_topic_and_each_person_gets_its_own_answer() -> None:
    wine, oil = make_topic(), make_topic()
    maria, ugo = make_recipient(), make_recipient()
    subscribe(maria, wine)
    subscribe(ugo, oil)
    for topic, wanting, other in ((wine, maria, ugo), (oil, ugo, maria)):
        found = decide_each([maria.pk, ugo.pk], question_for(topic, "email"))
        assert found[wanting.pk].is_allowed
        assert [rule.code for rule in found[other.pk].refused_by] == ["no_consent"]


def test_a_break_that_begins_later_counts_only_then() -> None:
    topic, maria = make_topic(), make_recipient()
    subscribe(maria, topic)
    until = timezone.now() + timedelta(days=30)
    pause(maria, until=until, source=Source.PREFERENCE_PAGE, by=SYSTEM)
    question = question_for(topic, "email")
    after = replace(question, at=until + timedelta(hours=1))
    assert not decide_each([maria.pk], question)[maria.pk].is_allowed
    assert decide_each([maria.pk], after)[maria.pk].is_allowed


def test_it_holds_within_a_query_that_calls_its_tables_otherwise() -> None:
    topic, maria, ugo, anna = make_topic(), make_recipient(), make_recipient(None), make_recipient()
    subscribe(maria, topic)
    subscribe(ugo, topic)
    subscribe(anna, make_topic())
    welcome = with_reason(Recipient.objects.all(), question_for(topic, "email")).filter(
        **{REASON: ""}
    )
    found = Recipient.objects.filter(pk__in=welcome.values("pk"))
    assert list(found) == [maria]
    assert set(Recipient.objects.exclude(pk__in=welcome.values("pk"))) == {ugo, anna}


def test_another_setting_is_other_sql() -> None:
    topic, maria = make_topic(), make_recipient()
    subscribe(maria, topic)
    run = freeze(make_campaign(make_group(maria), topic=topic), by=SYSTEM)
    ten_days_ago = timezone.localdate() - timedelta(days=10)
    Delivery.objects.filter(run=run).update(state="sent", cap_on=ten_days_ago)
    question = question_for(topic, "email")
    assert decide_each([maria.pk], question)[maria.pk].is_allowed
    with override_settings(OUTREACH={**settings.OUTREACH, "CAP_DAYS": 14}):
        assert not decide_each([maria.pk], question)[maria.pk].is_allowed
    assert decide_each([maria.pk], question)[maria.pk].is_allowed


def test_b1_a_claim_asks_each_time_anew() -> None:
    topic, maria, ugo = make_topic(), make_recipient(), make_recipient()
    subscribe(maria, topic)
    subscribe(ugo, topic)
    run = freeze(make_campaign(make_group(maria, ugo), topic=topic), by=SYSTEM)
    people = Keys((maria.pk, ugo.pk, ugo.pk))
    before = ask_again(question_of(run, within=people))
    assert {(each.recipient_id, each.reason) for each in before} == {(maria.pk, ""), (ugo.pk, "")}
    until = timezone.now() + timedelta(days=30)
    pause(ugo, until=until, source=Source.PREFERENCE_PAGE, by=SYSTEM)
    after = ask_again(question_of(run, within=people))
    found = {(each.recipient_id, each.reason) for each in after}
    assert found == {(maria.pk, ""), (ugo.pk, "paused")}


def test_a_rule_of_our_own_that_would_join_a_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(erased.RULE, excludes=lambda question: Q(links__is_opted_out=True))
    monkeypatch.setattr(compiled, "OWN", (wrong,))
    compiled._template.cache_clear()
    condition = compiled.excludes(wrong, question_for(make_topic(), "post"))
    with pytest.raises(TypeError, match=r"question\.has"):
        list(Recipient.objects.filter(condition))
