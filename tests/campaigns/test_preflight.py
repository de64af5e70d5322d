from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings

from outreach.campaigns.models import Campaign, Variant
from outreach.campaigns.preflight import blocking, findings
from outreach.preferences.models import Purpose
from tests.builders import make_campaign, make_group, make_sender, make_topic
from tests.groups.people import break_rule, in_italy, make_rule_group

pytestmark = pytest.mark.django_db


def codes(campaign: Campaign) -> list[str]:
    return [finding.code for finding in blocking(Campaign.objects.get(pk=campaign.pk))]


def test_a_complete_campaign_has_nothing_in_its_way() -> None:
    assert findings(make_campaign(make_group())) == []


@pytest.mark.parametrize("question", Campaign.QUESTIONS)
@pytest.mark.parametrize("answer", ["", " \n "])
def test_a2_each_of_the_three_questions_needs_an_answer(question: str, answer: str) -> None:
    fields: dict[str, Any] = {question: answer}
    campaign = make_campaign(make_group(), **fields)
    assert codes(campaign) == ["unanswered"]
    asked = str(Campaign._meta.get_field(question).verbose_name)  # type: ignore[union-attr]
    assert asked in blocking(campaign)[0].text


def test_a5_an_impersonal_message_needs_a_reason() -> None:
    campaign = make_campaign(make_group(), body="Come and taste.")
    assert codes(campaign) == ["impersonal"]
    campaign.impersonal_reason = "It is a notice for a notice board."
    campaign.save()
    assert codes(campaign) == []


@pytest.mark.parametrize(
    "field",
    [
        "given_name | friend",
        "family_name | friend",
        "full_name | friend",
        "company | you",
    ],
)
def test_a5_any_field_of_the_person_in_text_or_subject_is_personal(field: str) -> None:
    personal = f"For {{{{ {field} }}}}"
    assert codes(make_campaign(make_group(), body=personal)) == []
    assert codes(make_campaign(make_group(), body="Come.", subject=personal)) == []


@pytest.mark.parametrize(
    ("purpose", "topic_purpose"),
    [(Purpose.COMMERCIAL, Purpose.ROUTINE), (Purpose.ROUTINE, Purpose.COMMERCIAL)],
)
def test_a6_c4_routine_and_commercial_are_not_mixed(purpose: str, topic_purpose: str) -> None:
    topic = make_topic(purpose=topic_purpose)
    assert codes(make_campaign(make_group(), topic=topic, purpose=purpose)) == [
        "purpose_and_topic_differ"
    ]


def test_b5_the_reason_from_the_customers_side_is_needed() -> None:
    assert codes(make_campaign(make_group(), justification=" ")) == ["no_justification"]


def test_b6_the_sender_signs_and_can_be_called() -> None:
    away = make_sender(is_active=False)
    assert codes(make_campaign(make_group(), sender=away)) == ["sender_inactive"]
    mute = make_sender(phone="on request")
    assert codes(make_campaign(make_group(), sender=mute)) == ["sender_without_phone"]


def test_it_is_for_a_group() -> None:
    campaign = make_campaign()
    assert codes(campaign) == ["no_groups"]
    campaign.aims.create(group=make_group(), is_left_out=True)
    assert codes(campaign) == ["no_groups"]


def test_a_topic_that_is_no_longer_offered_is_named() -> None:
    topic = make_topic("Old wines", is_active=False)
    campaign = make_campaign(make_group(), topic=topic)
    assert codes(campaign) == ["topic_not_offered"]
    assert "Old wines" in blocking(campaign)[0].text


def _delete(campaign: Campaign) -> None:
    campaign.variants.all().delete()


def _empty(campaign: Campaign) -> None:
    campaign.variants.update(body="  ")


def _other_channel(campaign: Campaign) -> None:
    campaign.variants.update(channel="sms")


@pytest.mark.parametrize("lose", [_delete, _empty, _other_channel])
def test_there_is_a_message_by_e_mail(lose: Callable[[Campaign], None]) -> None:
    campaign = make_campaign(make_group())
    lose(campaign)
    assert codes(campaign) == ["no_message"]


def test_a_broken_text_that_got_past_the_form_is_found() -> None:
    campaign = make_campaign(make_group(), body="Dear {{ given_name }} {{ nonsense }}")
    assert codes(campaign) == ["text_broken"]


@pytest.mark.parametrize(
    ("name", "empty"),
    [("COMPANY_NAME", ""), ("POSTAL_ADDRESS", ""), ("BASE_URL", ""), ("KEYS", {})],
)
def test_missing_settings_are_named(settings: Settings, name: str, empty: Any) -> None:
    settings.OUTREACH = {**settings.OUTREACH, name: empty}
    campaign = make_campaign(make_group())
    assert codes(campaign) == [f"setting_{name.lower()}"]
    assert name in blocking(campaign)[0].text


def test_a_long_subject_is_a_remark_and_no_obstacle() -> None:
    found = findings(make_campaign(make_group(), subject="A tasting " * 8))
    assert [(finding.code, finding.is_blocking) for finding in found] == [("subject_long", False)]


def test_every_text_is_a_sentence_without_codes() -> None:
    assert settings.OUTREACH["COMPANY_NAME"]
    bare = Campaign(topic=make_topic(is_active=False), sender=make_sender(is_active=False))
    bare.save()
    Variant.objects.create(campaign=bare, subject="x", body="x")
    for finding in findings(bare):
        assert finding.text[-1] in ".?…"
        assert finding.code not in finding.text


def test_b3_a_group_whose_rule_is_broken_stands_in_the_way_and_says_so() -> None:
    group = break_rule(make_rule_group(in_italy(), name="Italy"))
    campaign = make_campaign(group)

    assert codes(campaign) == ["group_broken"]
    assert "The rule of “Italy” is broken." in blocking(campaign)[0].text

    left_out = make_campaign(make_group())
    left_out.aims.create(group=group, is_left_out=True)
    assert codes(left_out) == ["group_broken"]
