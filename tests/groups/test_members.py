from typing import Any

import pytest
from django.utils import timezone

from outreach.exceptions import Refused
from outreach.groups.broken_rule import BrokenRule
from outreach.groups.members import add_members, members_of, remove_member, remove_members
from outreach.groups.models import ContactGroup, Membership
from outreach.history.record import history_of
from outreach.recipients.models import Recipient
from tests.builders import make_actor, make_group, make_recipient
from tests.groups.people import break_rule, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db


def test_a1_people_are_picked_by_hand_with_who_when_and_why() -> None:
    anna, maria, group = make_actor("anna"), make_recipient(), make_group()

    assert add_members(group, [maria.pk], by=anna, reason=" met at the fair in Alba ") == 1

    membership = Membership.objects.get(group=group, recipient=maria)
    assert membership.added_by == anna.name
    assert membership.reason == "met at the fair in Alba"
    assert membership.added_at <= timezone.now()
    assert list(members_of(group)) == [maria]
    assert [entry.verb for entry in history_of(group)] == ["members.added"]
    assert [entry.verb for entry in history_of(maria)] == ["group.joined"]


def test_who_is_in_it_already_stays_as_they_were() -> None:
    anna, piotr, maria, group = (
        make_actor("anna"),
        make_actor("piotr"),
        make_recipient(),
        make_group(),
    )
    add_members(group, [maria.pk], by=anna, reason="at the fair")

    assert add_members(group, [maria.pk, maria.pk], by=piotr, reason="again") == 0

    assert Membership.objects.get().reason == "at the fair"
    assert history_of(group).count() == 1


def test_nobody_erased_unknown_or_of_another_tenant_is_added() -> None:
    erased = make_recipient(erased_at=timezone.now())
    other = make_recipient(tenant="other")
    group = make_group()

    assert add_members(group, [erased.pk, other.pk, 10**9], by=make_actor(), reason="why") == 0
    assert not Membership.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_nobody_is_added_without_a_reason(reason: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        add_members(make_group(), [make_recipient().pk], by=make_actor(), reason=reason)


def test_a_long_reason_is_cut_in_the_membership_but_not_in_the_history() -> None:
    group = make_group()

    add_members(group, [make_recipient().pk], by=make_actor(), reason="x" * 400)

    assert Membership.objects.get().reason == "x" * 250
    assert "x" * 400 in history_of(group).get().note


def test_people_are_taken_out() -> None:
    maria, ivan = make_recipient(), make_recipient()
    group, other = make_group(maria, ivan), make_group(maria)

    assert remove_member(group, maria.pk, by=make_actor(), reason="moved away")
    assert not remove_member(group, maria.pk, by=make_actor())

    assert list(members_of(group)) == [ivan]
    assert list(members_of(other)) == [maria]
    assert [entry.verb for entry in history_of(group)] == ["members.removed"]
    assert history_of(maria).get().note == f"{group.name}: moved away"


def test_a_group_by_rule_is_not_filled_by_hand() -> None:
    group, maria = make_rule_group(in_italy()), make_recipient()

    with pytest.raises(Refused, match="found by a rule"):
        add_members(group, [maria.pk], by=make_actor(), reason="why")
    with pytest.raises(Refused, match="found by a rule"):
        remove_members(group, [maria.pk], by=make_actor())


def test_an_erased_member_is_in_no_group() -> None:
    maria = make_recipient()
    group = make_group(maria)
    Recipient.objects.update(erased_at=timezone.now())

    assert not members_of(group).exists()


def test_a_broken_rule_finds_neither_everybody_nor_nobody() -> None:
    make_person(country="IT")
    group = break_rule(make_rule_group(in_italy()))

    with pytest.raises(BrokenRule, match=r"“contact.shoe_size”.* Mend it"):
        members_of(group)


@pytest.mark.parametrize("rule", [{}, {"version": 1, "match": "all", "conditions": []}, []])
def test_a_rule_that_was_emptied_behind_our_back_is_broken(rule: Any) -> None:
    make_recipient()
    group = make_rule_group(in_italy())
    ContactGroup.objects.update(rule=rule)
    group.refresh_from_db()

    with pytest.raises(BrokenRule):
        members_of(group)


def test_a_rule_breaks_when_the_group_it_asks_about_is_deleted() -> None:
    asked = make_group(make_recipient())
    group = make_rule_group({"fact": "group", "is": "excludes", "value": str(asked.pk)})
    asked.delete()

    with pytest.raises(BrokenRule):
        members_of(group)


def test_queries_do_not_grow_with_the_people(django_assert_max_num_queries: Any) -> None:
    people = [make_recipient(None).pk for _number in range(40)]
    group, by = make_group(), make_actor()

    with django_assert_max_num_queries(9):
        assert add_members(group, people, by=by, reason="at the fair") == 40
    with django_assert_max_num_queries(9):
        assert remove_members(group, people, by=by) == 40
