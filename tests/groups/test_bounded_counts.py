"""No page of groups counts on and on: past a limit it says "more than" (B3)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outreach.audiences.freeze import freeze
from outreach.groups import bounded
from outreach.groups.models import ContactGroup
from outreach.history.actor import SYSTEM
from outreach.recipients.long_lists import BoundedPaginator
from tests.builders import make_campaign, make_group, make_topic
from tests.groups.pages import CHANGE, VIEW, login, page, text_of, url
from tests.groups.people import in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db

OF_PEOPLE = re.compile(r'FROM \(?"outreach_(recipient|membership|delivery|address)"')
DECLARE = ("outreach.add_interestdeclaration", "outreach.change_interestdeclaration")


@pytest.fixture(autouse=True)
def two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST", 2)
    monkeypatch.setattr(BoundedPaginator, "MOST", 2)


@contextmanager
def no_count_without_end() -> Iterator[None]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        yield
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    endless = [sql for sql in counts if OF_PEOPLE.search(sql) and "LIMIT 3" not in sql]
    assert not endless, "\n".join(endless)


def three_in_a_group_by_hand() -> ContactGroup:
    return make_group(*(make_person(f"Maria {n}", country="IT") for n in range(3)))


def three_in_a_group_by_rule() -> ContactGroup:
    three_in_a_group_by_hand()
    return make_rule_group(in_italy())


BOTH = pytest.mark.parametrize("make", [three_in_a_group_by_hand, three_in_a_group_by_rule])


@BOTH
def test_the_list_of_groups_says_more_than(make: Callable[[], ContactGroup]) -> None:
    group, client = make(), login(*VIEW)

    with no_count_without_end():
        html = client.get(url("changelist")).content.decode()

    assert f'<a href="{page(group, "members")}">more than 2</a>' in html


@BOTH
def test_the_page_of_a_group_says_more_than(make: Callable[[], ContactGroup]) -> None:
    group, client = make(), login(*CHANGE)

    with no_count_without_end():
        text = text_of(client.get(page(group)))

    assert "More than 2 people now." in text


def test_the_count_while_one_writes_says_more_than() -> None:
    three_in_a_group_by_hand()
    client = login(*CHANGE)
    rows = {"rule-match": "all", "rule-outline": "c1", "rule-1-fact": "contact.country"}
    rows |= {"rule-1-comparison": "equals", "rule-1-value": "IT"}

    with no_count_without_end():
        text = text_of(client.post(url("preview_new"), rows))

    assert "More than 2 people now." in text


@BOTH
def test_the_members_are_listed_up_to_the_limit(make: Callable[[], ContactGroup]) -> None:
    group, client = make(), login(*VIEW)

    with no_count_without_end():
        text = text_of(client.get(page(group, "members")))
        found = text_of(client.get(page(group, "members"), {"q": "Maria 1"}))

    assert "More than 2 people; search to find the others." in text
    assert "1 person" in found


def test_a_search_for_people_to_add_is_bounded() -> None:
    group, client = three_in_a_group_by_hand(), login(*CHANGE)

    with no_count_without_end():
        text = text_of(client.get(page(group, "add_people"), {"q": "Maria"}))
        why = text_of(client.get(page(group, "why_ask"), {"q": "Maria"}))

    assert "More than 2 people" in text
    assert "More than 2 people" in why


@BOTH
def test_to_declare_for_a_group_counts_no_further(make: Callable[[], ContactGroup]) -> None:
    group, client = make(), login(*CHANGE, *DECLARE)

    with no_count_without_end():
        text = text_of(client.get(page(group, "declare")))

    assert "with the more than 2 people who are in" in text


def test_the_people_of_an_audience_are_listed_up_to_the_limit() -> None:
    campaign = make_campaign(three_in_a_group_by_hand(), topic=make_topic())
    freeze(campaign, by=SYSTEM)
    client = login("outreach.view_campaign", "outreach.view_recipient", "outreach.view_delivery")

    with no_count_without_end():
        text = text_of(client.get(reverse("admin:outreach_campaign_people", args=[campaign.pk])))

    assert "The first 2 people" in text


@pytest.mark.parametrize("name", ["recipient", "delivery"])
def test_the_lists_of_the_admin_are_bounded(name: str) -> None:
    three_in_a_group_by_hand()
    client = login(f"outreach.view_{name}")

    with no_count_without_end():
        assert client.get(reverse(f"admin:outreach_{name}_changelist")).status_code == 200


def test_ten_thousand_is_written_out() -> None:
    assert str(bounded.Counted(10_000, has_more=True)) == "more than 10,000"
