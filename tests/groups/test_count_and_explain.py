from typing import Any

import pytest
from django.utils import timezone

from outreach.groups import count
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.count import count_members
from outreach.groups.explain import Block, Line, explain
from outreach.groups.rule import Match
from outreach.recipients.models import Recipient
from tests.builders import make_group, make_recipient, make_topic, subscribe
from tests.groups.people import asks, break_rule, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db


def test_groups_of_both_kinds_are_counted() -> None:
    person = make_person(country="IT")
    erased = make_recipient(erased_at=timezone.now())
    hand, empty = make_group(person, erased), make_group()
    rule = make_rule_group(in_italy(), name="Italy")
    nobody = make_rule_group(asks("contact.country", "equals", "FR"), name="France")

    counts = count_members([hand, empty, rule, nobody])

    assert counts == {hand.pk: 1, empty.pk: 0, rule.pk: 1, nobody.pk: 0}


def test_a_broken_rule_says_so_and_does_not_spoil_the_others() -> None:
    make_person(country="IT")
    broken = break_rule(make_rule_group(in_italy(), name="Broken"))
    sound = make_rule_group(in_italy(), name="Sound")

    counts = count_members([broken, sound])

    assert isinstance(counts[broken.pk], BrokenRule)
    assert counts[sound.pk] == 1


def test_thirty_rules_are_counted_in_a_few_queries(django_assert_max_num_queries: Any) -> None:
    make_topic(slug="tastings")
    wanted = asks("interest", "includes", "tastings")
    groups = [make_rule_group(in_italy(), wanted, name=f"Rule {number}") for number in range(30)]

    with django_assert_max_num_queries(6):
        assert set(count_members(groups).values()) == {0}


def test_among_very_many_people_a_list_of_rules_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [make_person(country="IT"), make_person(country="IT")]
    hand, rule = make_group(*people), make_rule_group(in_italy())

    monkeypatch.setattr(count, "COUNTED_UP_TO", 1)
    assert count_members([hand, rule]) == {hand.pk: 2}
    monkeypatch.setattr(count, "COUNTED_UP_TO", 2)
    assert count_members([hand, rule]) == {hand.pk: 2, rule.pk: 2}


def test_b3_each_membership_is_explained_condition_by_condition() -> None:
    topic = make_topic("Tastings", slug="tastings")
    person = make_person("Maria", country="IT")
    group = make_rule_group(in_italy(), asks("interest", "includes", "tastings"))

    explained = explain(group, person)
    assert not explained.is_member
    assert explained.block == Block(
        Match.ALL,
        holds=False,
        parts=(
            Line("whose country is Italy", holds=True),
            Line("who are interested in “Tastings”", holds=False),
        ),
    )

    subscribe(person, topic)
    assert explain(group, person).is_member


def test_a_hand_picked_membership_is_explained_by_who_added_it() -> None:
    member, other = make_recipient(), make_recipient()
    group = make_group(member)

    assert explain(group, member).membership == member.memberships.get()
    assert explain(group, other).membership is None
    assert not explain(group, other).is_member


def test_an_erased_person_is_in_nothing_whatever_holds() -> None:
    group = make_rule_group(asks("contact.country", "differs", "IT"))
    person = make_recipient()
    Recipient.objects.update(erased_at=timezone.now())
    person.refresh_from_db()

    explained = explain(group, person)
    assert explained.is_erased
    assert not explained.is_member
