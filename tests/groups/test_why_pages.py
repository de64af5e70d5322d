"""Why is this person in the group, or not? From the group, from the person (B3)."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach.groups.members import add_members
from outreach.groups.rule import block_as_json
from outreach.history.actor import SYSTEM
from outreach.recipients.models import Recipient
from tests.builders import make_group, make_recipient, make_topic, subscribe
from tests.groups.pages import VIEW, login, page, text_of, url
from tests.groups.people import asks, break_rule, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db


def test_b3_the_reason_is_a_tree_as_the_rule_is() -> None:
    topic = make_topic("Tastings", slug="tastings")
    maria = make_person("Maria", country="IT", city="Asti")
    subscribe(maria, topic)
    group = make_rule_group(
        in_italy(),
        block_as_json(
            "any", [asks("interest", "includes", "tastings"), asks("reply.last", "filled")]
        ),
        block_as_json("none", [asks("contact.city", "equals", "Asti")]),
        name="Italy",
    )

    text = text_of(login(*VIEW).get(url("why", group.pk, maria.pk)))

    assert "Why Maria is not in “Italy”" in text
    assert "people for whom all of these hold: whose country is Italy yes" in text
    assert (
        "any of these yes who are interested in “Tastings” yes who wrote to us at some time no"
        in text
    )
    assert "none of these no whose city is “Asti” yes keeps them out" in text


def test_anybody_is_searched_for_and_asked_about() -> None:
    make_person("Maria Rossi", country="IT")
    make_person("Mario Verdi", country="ES")
    group = make_rule_group(in_italy(), name="Italy")
    client = login(*VIEW)

    assert "Search for a name" in text_of(client.get(page(group, "why_ask")))
    text = text_of(client.get(page(group, "why_ask"), {"q": "mari"}))

    assert "Maria Rossi yes Why? Maria Rossi" in text
    assert "Mario Verdi no Why not? Mario Verdi" in text
    assert "Nobody fits “zz”" in text_of(client.get(page(group, "why_ask"), {"q": "zz"}))


def test_a_broken_rule_says_so_and_claims_nothing_of_anybody() -> None:
    make_person("Maria", country="IT")
    group = break_rule(make_rule_group(in_italy()))

    text = text_of(login(*VIEW).get(page(group, "why_ask"), {"q": "Maria"}))

    assert "Mend it before using the group" in text
    assert "Why not?" not in text


def test_from_the_person_every_group_says_yes_or_no() -> None:
    maria = make_person("Maria", country="IT")
    add_members(make_group(name="A Press"), [maria.pk], by=SYSTEM, reason="writes for a paper")
    make_group(name="B Friends")
    make_rule_group(in_italy(), name="C Italy")
    make_rule_group(asks("contact.country", "equals", "ES"), name="D Spain")
    break_rule(make_rule_group(in_italy(), name="E Broken"))
    client = login(*VIEW, "outreach.view_contactgroup")

    person = client.get(reverse("admin:outreach_recipient_change", args=[maria.pk]))
    assert url("why_groups", maria.pk) in person.content.decode()
    text = text_of(client.get(url("why_groups", maria.pk)))

    assert "A Press picked by hand yes Why? A Press" in text
    assert "B Friends picked by hand no Why not? B Friends" in text
    assert "C Italy found by a rule yes Why? C Italy" in text
    assert "D Spain found by a rule no Why not? D Spain" in text
    assert "E Broken found by a rule rule is broken" in text


def test_many_groups_take_few_queries(django_assert_max_num_queries: Any) -> None:
    maria = make_person("Maria", country="IT")
    for number in range(30):
        make_rule_group(in_italy(), name=f"Rule {number}")
    client = login(*VIEW)

    with django_assert_max_num_queries(14):
        assert client.get(url("why_groups", maria.pk)).status_code == 200


def test_the_page_of_a_member_says_from_where_they_came() -> None:
    maria, group = make_recipient(name="Maria"), make_group()
    add_members(group, [maria.pk], by=SYSTEM, reason="at the fair", source="file fair.csv")

    text = text_of(login(*VIEW).get(url("why", group.pk, maria.pk)))

    assert "Why: at the fair" in text
    assert "From: file fair.csv" in text


def test_an_erased_person_is_said_to_be_in_nothing() -> None:
    maria = make_person("Maria", country="IT")
    Recipient.objects.filter(pk=maria.pk).update(erased_at=timezone.now())

    text = text_of(login(*VIEW).get(url("why", make_rule_group(in_italy()).pk, maria.pk)))

    assert "asked to be erased" in text


@pytest.mark.parametrize(
    "permissions", [(), ("outreach.view_recipient",), ("outreach.view_contactgroup",)]
)
def test_why_takes_both_permissions(permissions: tuple[str, ...]) -> None:
    maria, group = make_recipient(), make_group()
    client = login(*permissions)

    assert client.get(page(group, "why_ask")).status_code == 403
    assert client.get(url("why_groups", maria.pk)).status_code == 403
    assert client.get(url("why_groups", 10**9)).status_code == 403


def test_who_does_not_exist_is_not_found() -> None:
    assert login(*VIEW).get(url("why_groups", 10**9)).status_code == 404
    assert login(*VIEW).get(url("why_groups", 10**30)).status_code == 404
