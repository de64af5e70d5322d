from typing import Any

import pytest
from django.utils import timezone

from outreach.groups import count
from outreach.groups.bounded import NOBODY, Counted
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.count import count_members
from outreach.groups.explain import Block, Line, explain
from outreach.groups.rule import Match, block_as_json
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

    assert counts == {
        hand.pk: Counted(1),
        empty.pk: NOBODY,
        rule.pk: Counted(1),
        nobody.pk: NOBODY,
    }


def test_a_broken_rule_says_so_and_does_not_spoil_the_others() -> None:
    make_person(country="IT")
    broken = break_rule(make_rule_group(in_italy(), name="Broken"))
    sound = make_rule_group(in_italy(), name="Sound")

    counts = count_members([broken, sound])

    assert isinstance(counts[broken.pk], BrokenRule)
    assert counts[sound.pk] == Counted(1)


def test_thirty_rules_are_counted_in_a_few_queries(django_assert_max_num_queries: Any) -> None:
    make_topic(slug="tastings")
    wanted = asks("interest", "includes", "tastings")
    groups = [make_rule_group(in_italy(), wanted, name=f"Rule {number}") for number in range(30)]

    with django_assert_max_num_queries(9):
        assert set(count_members(groups).values()) == {NOBODY}


def test_among_very_many_people_a_list_of_rules_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = [make_person(country="IT"), make_person(country="IT")]
    hand, rule = make_group(*people), make_rule_group(in_italy())

    monkeypatch.setattr(count, "COUNTED_UP_TO", 1)
    assert count_members([hand, rule]) == {hand.pk: Counted(2)}
    monkeypatch.setattr(count, "COUNTED_UP_TO", 2)
    assert count_members([hand, rule]) == {hand.pk: Counted(2), rule.pk: Counted(2)}


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
            Line("who are interested in “Tastings”", holds=False, keeps_out=True),
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


NAPLES, ASTI = (asks("contact.city", "equals", city) for city in ("Naples", "Asti"))
KNOWN, FROM_ASTI = asks("contact.city", "filled"), "whose city is “Asti”"
SPAIN = asks("contact.country", "equals", "ES")


def kept_out_by(block: Block | None) -> list[str]:
    """What the marked conditions say, at whatever depth."""
    assert block
    found: list[str] = []
    for part in block.parts:
        found += kept_out_by(part) if isinstance(part, Block) else [part.clause] * part.keeps_out
    return found


@pytest.mark.parametrize(
    ("match", "conditions", "marked"),
    [
        ("all", [in_italy(), NAPLES, ASTI], ["whose city is “Naples”"]),
        ("any", [SPAIN, NAPLES], ["whose country is Spain", "whose city is “Naples”"]),
        ("none", [SPAIN, ASTI, in_italy()], [FROM_ASTI, "whose country is Italy"]),
        ("all", [in_italy(), block_as_json("none", [NAPLES, ASTI])], [FROM_ASTI]),
        ("all", [block_as_json("any", [SPAIN, in_italy()]), NAPLES], ["whose city is “Naples”"]),
        ("any", [SPAIN, block_as_json("all", [in_italy(), NAPLES])], None),
        ("none", [block_as_json("any", [NAPLES, ASTI]), SPAIN], [FROM_ASTI]),
        ("none", [block_as_json("all", [in_italy(), ASTI])], ["whose country is Italy", FROM_ASTI]),
        ("none", [block_as_json("none", [SPAIN, NAPLES])], None),
        ("none", [block_as_json("none", [ASTI, NAPLES])], []),
        ("any", [block_as_json("none", [ASTI]), KNOWN], []),
    ],
)
def test_b3_what_keeps_somebody_out_is_marked_and_nothing_else(
    match: str, conditions: list[Any], marked: list[str] | None
) -> None:
    person = make_person("Maria", country="IT", city="Asti")
    if marked is None:
        marked = ["whose country is Spain", "whose city is “Naples”"]

    explained = explain(make_rule_group(*conditions, match=match), person)

    assert kept_out_by(explained.block) == marked
    assert explained.is_member == (not marked)


@pytest.mark.parametrize("match", ["all", "any", "none"])
@pytest.mark.parametrize("inner", ["all", "any", "none"])
def test_whoever_is_kept_out_is_told_by_what_and_who_is_in_by_nothing(
    match: str, inner: str
) -> None:
    people = [make_person("Maria", country="IT", city="Asti"), make_person("Ana", country="ES")]
    group = make_rule_group(
        block_as_json(inner, [in_italy(), block_as_json(match, [ASTI, NAPLES])]), KNOWN, match=match
    )

    for person in people:
        explained = explain(group, person)
        assert explained.block
        assert explained.is_member == explained.block.holds == (not kept_out_by(explained.block))
