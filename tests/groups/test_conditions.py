"""A group is a condition on people, so that "or" and "none of" stay quick among a million."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from outreach.audiences.candidates import candidates_of
from outreach.campaigns.models import CampaignExclusion, CampaignGroup
from outreach.eligibility.rule import KeyRange
from outreach.groups.exclude import exclude
from outreach.groups.members import members_of
from outreach.groups.models import ContactGroup
from outreach.groups.rule import block_as_json
from outreach.history.actor import SYSTEM
from outreach.preferences.models import Topic
from outreach.recipients.many_rows import asking_of_many
from outreach.recipients.models import ContactLink, Recipient
from tests.builders import (
    make_campaign,
    make_group,
    make_recipient,
    make_topic,
    start_campaign,
    subscribe,
)
from tests.groups.people import asks, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db

ASTI = asks("contact.city", "equals", "Asti")
WRITTEN = asks("message.last", "in_last", 30)


def sql_of(people: QuerySet[Recipient]) -> str:
    return str(people.query)


def mixed_rule(match: str) -> ContactGroup:
    make_topic(slug="tastings")
    wants = asks("interest", "includes", "tastings")
    inner = block_as_json("none", [ASTI, WRITTEN])
    return make_rule_group(in_italy(), wants, inner, match=match)


@pytest.mark.parametrize("match", ["all", "any", "none"])
def test_no_group_is_a_list_of_keys(match: str) -> None:
    rule, hand = mixed_rule(match), make_group(make_recipient())
    campaign = make_campaign(rule, hand)
    CampaignGroup.objects.create(campaign=campaign, group=make_group(), is_left_out=True)
    left_out = make_rule_group(ASTI, name="Asti")
    CampaignGroup.objects.create(campaign=campaign, group=left_out, is_left_out=True)

    for people in (members_of(rule), members_of(hand), candidates_of(campaign)):
        assert " IN (SELECT" not in sql_of(people)
        assert "EXISTS(SELECT" in sql_of(people)


def test_a_contact_is_looked_up_by_its_own_key() -> None:
    """No index is on the key as text: to compare that would read the CRM once a person."""
    sql = sql_of(members_of(make_rule_group(in_italy(), match="any")))

    assert 'CAST("crm_contact"' not in sql
    assert '."id" = ' in sql


def test_links_of_other_sources_may_have_keys_that_are_no_numbers() -> None:
    maria, other = make_person("Maria", country="IT"), make_recipient()
    for recipient, key in ((maria, "A/7 “ü”"), (other, "9" * 40)):
        ContactLink.objects.create(
            source="crm.lead",
            model_label="crm.Lead",
            contact_key=key,
            recipient=recipient,
            digest="",
        )

    assert list(members_of(make_rule_group(in_italy(), ASTI, match="any"))) == [maria]


@pytest.mark.parametrize("match", ["all", "any", "none"])
def test_ranges_find_the_same_people_as_one_question(match: str) -> None:
    group = mixed_rule(match)
    people = [
        make_person(f"P{n}", email=f"p{n}@example.com", country=["IT", "ES"][n % 2], city="Asti")
        for n in range(6)
    ]
    topic = Topic.objects.get(slug="tastings")
    for person in people[::3]:
        subscribe(person, topic)
    picked = make_group(*people[:4])
    exclude(picked, people[0], by=SYSTEM)
    campaign = make_campaign(group, picked)
    CampaignGroup.objects.create(campaign=campaign, group=make_group(people[1]), is_left_out=True)
    earlier = start_campaign(people[2]).campaign
    CampaignExclusion.objects.create(campaign=campaign, earlier=earlier)
    last = max(person.pk for person in people)

    in_ranges: list[int] = []
    for after in range(0, last, 2):
        found = candidates_of(campaign, within=KeyRange(after, after + 2))
        in_ranges += found.values_list("pk", flat=True)

    assert sorted(in_ranges) == sorted(candidates_of(campaign).values_list("pk", flat=True))


def test_each_part_of_a_range_is_asked_about_the_range_alone() -> None:
    campaign = make_campaign(mixed_rule("any"), make_group(make_recipient()))

    sql = sql_of(candidates_of(campaign, within=KeyRange(1000, 2000)))

    # The people; interest, contact twice, messages twice; the picked; who does not belong, twice.
    assert sql.count("> 1000") == sql.count("<= 2000") == 9


@pytest.mark.postgres
def test_nothing_is_compiled_while_one_waits() -> None:
    with asking_of_many(), connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
