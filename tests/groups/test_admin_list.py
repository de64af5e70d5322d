from typing import Any

import pytest

from outreach.groups.models import ContactGroup
from outreach.history.models import HistoryEntry
from tests.builders import make_campaign, make_group, make_recipient
from tests.groups.pages import CHANGE, VIEW, login, page, text_of, url
from tests.groups.people import break_rule, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db

DELETE = (*VIEW, "outreach.delete_contactgroup")


def test_the_list_counts_each_group_and_links_the_figure_to_its_people() -> None:
    person = make_person(country="IT")
    hand, rule = make_group(person, make_recipient()), make_rule_group(in_italy())

    html = login(*VIEW).get(url("changelist")).content.decode()

    assert f'<a href="{page(hand, "members")}">2</a>' in html
    assert f'<a href="{page(rule, "members")}">1</a>' in html


def test_a_broken_rule_is_seen_in_the_list() -> None:
    make_person(country="IT")
    break_rule(make_rule_group(in_italy()))

    response = login(*VIEW).get(url("changelist"))

    assert "rule is broken" in text_of(response)


def test_the_list_takes_a_bounded_number_of_queries(django_assert_max_num_queries: Any) -> None:
    client = login(*VIEW)
    for number in range(30):
        make_rule_group(in_italy(), name=f"Rule {number}")
        make_group()

    with django_assert_max_num_queries(20):
        assert client.get(url("changelist")).status_code == 200


def test_a_group_is_deleted_with_its_memberships_after_being_asked() -> None:
    client, group = login(*DELETE), make_group(*(make_recipient() for _number in range(3)))

    asked = client.get(page(group, "delete"))
    assert "members: 3" in text_of(asked).lower()
    assert ContactGroup.objects.exists()

    client.post(page(group, "delete"), {"post": "yes"})
    assert not ContactGroup.objects.exists()
    assert HistoryEntry.objects.get(subject_model="contactgroup").verb == "group.deleted"


def test_a_group_that_a_campaign_names_is_kept() -> None:
    client, group = login(*DELETE), make_group()
    campaign = make_campaign(group)

    asked = client.get(page(group, "delete"))
    assert campaign.name in text_of(asked)

    client.post(page(group, "delete"), {"post": "yes"})
    assert ContactGroup.objects.filter(pk=group.pk).exists()


def test_ticked_groups_are_deleted_with_history() -> None:
    groups = [make_group(), make_group()]
    ticked = {"_selected_action": [group.pk for group in groups]}

    login(*DELETE).post(url("changelist"), {"action": "delete_selected", "post": "yes", **ticked})

    assert not ContactGroup.objects.exists()
    assert HistoryEntry.objects.filter(verb="group.deleted").count() == 2


def test_who_may_not_delete_is_not_offered_it() -> None:
    make_group()

    assert "delete_selected" not in login(*CHANGE).get(url("changelist")).content.decode()
