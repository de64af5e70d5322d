from typing import Any

import pytest
from django.test import Client

from outreach.groups.members import members_of
from outreach.groups.models import Membership
from outreach.history.record import history_of
from tests.builders import make_group, make_recipient, make_topic
from tests.groups.pages import CHANGE, VIEW, login, page, text_of, url
from tests.groups.people import asks, break_rule, in_italy, make_person, make_rule_group

pytestmark = pytest.mark.django_db


def test_a1_people_are_searched_ticked_and_added_with_a_reason() -> None:
    maria = make_recipient("maria@example.com", name="Maria Rossi")
    make_recipient("ivan@example.com", name="Иван Петров")
    group, client = make_group(), login(*CHANGE)
    search = page(group, "add_people") + "?q=rossi+maria@"

    found = client.get(search)
    assert "Maria Rossi" in text_of(found)
    assert "Иван" not in text_of(found)

    after = client.post(
        search, {"people": [maria.pk], "reason": "met at the fair in Alba"}, follow=True
    )
    assert "1 person is now in" in text_of(after)
    assert "yes, already" in text_of(after)
    membership = Membership.objects.get()
    assert (membership.recipient, membership.added_by) == (maria, "Anna")
    assert membership.reason == "met at the fair in Alba"


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"reason": "why"}, "Tick at least one person."),
        ({"people": ["x", "-1", "9" * 30, ""], "reason": "why"}, "Tick at least one person."),
        ({"people": ["PK"], "reason": " "}, "This field is required."),
        ({"people": ["PK"], "reason": "x" * 251}, "at most 250 characters"),
        ({"people": ["PK"], "reason": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_without_people_or_reason_nobody_is_added(posted: dict[str, Any], words: str) -> None:
    maria, group = make_recipient(name="Maria"), make_group()
    people = [str(maria.pk) if one == "PK" else one for one in posted.get("people", [])]

    response = login(*CHANGE).post(
        page(group, "add_people") + "?q=Maria", {**posted, "people": people}
    )

    assert words in text_of(response)
    is_ticked = f'value="{maria.pk}" id="person-{maria.pk}" checked' in response.content.decode()
    assert is_ticked == ("PK" in posted.get("people", []))
    assert not Membership.objects.exists()


@pytest.mark.parametrize("q", ["", "%", "'", "a\x00b", "x" * 500, "(", "zz zz zz zz zz zz zz zz"])
def test_any_search_is_answered(q: str) -> None:
    make_recipient(name="Maria")

    response = login(*CHANGE).get(page(make_group(), "add_people"), {"q": q})

    assert response.status_code == 200
    assert "Maria" not in text_of(response)


def test_members_are_listed_searched_and_taken_out() -> None:
    maria, ivan = make_recipient(name="Maria"), make_recipient(name="Ivan")
    group, client = make_group(maria, ivan), login(*CHANGE)

    assert "2 people" in text_of(client.get(page(group, "members")))
    assert "Ivan" not in text_of(client.get(page(group, "members"), {"q": "mar"}))

    after = client.post(page(group, "members"), {"people": [maria.pk]}, follow=True)
    assert "1 person is no longer in" in text_of(after)
    assert list(members_of(group)) == [ivan]
    assert history_of(group).get().actor_name == "Anna"


def test_with_nobody_ticked_nobody_is_taken_out() -> None:
    group = make_group(make_recipient())

    after = login(*CHANGE).post(page(group, "members"), follow=True)

    assert "Nobody was ticked" in text_of(after)
    assert members_of(group).count() == 1


def test_the_members_of_a_rule_are_listed_with_a_why_and_nothing_to_tick() -> None:
    maria, group = make_person("Maria", country="IT"), make_rule_group(in_italy())

    html = login(*CHANGE).get(page(group, "members")).content.decode()

    assert url("why", group.pk, maria.pk) in html
    assert 'type="checkbox"' not in html
    assert "Add people" not in html


def test_a_long_list_comes_in_pages(django_assert_max_num_queries: Any) -> None:
    group = make_group(*(make_recipient(None, name=f"Person {n:03}") for n in range(120)))
    client = login(*VIEW)

    with django_assert_max_num_queries(16):
        second = text_of(client.get(page(group, "members"), {"p": "2"}))
    assert "Person 050" in second
    assert "Person 100" not in second
    assert "120 people" in second
    assert "Person 119" in text_of(client.get(page(group, "members"), {"p": "999"}))


def test_a_broken_rule_lists_nobody_and_says_why() -> None:
    make_person("Maria", country="IT")
    group = break_rule(make_rule_group(in_italy()))

    text = text_of(login(*VIEW).get(page(group, "members")))

    assert "Mend it before using the group" in text
    assert "Maria" not in text


def test_b3_the_page_why_goes_condition_by_condition() -> None:
    make_topic("Tastings", slug="tastings")
    maria = make_person("Maria", country="IT")
    group = make_rule_group(in_italy(), asks("interest", "includes", "tastings"), name="Italy")

    text = text_of(login(*VIEW).get(url("why", group.pk, maria.pk)))

    assert "Why Maria is not in “Italy”" in text
    assert "whose country is Italy yes" in text
    assert "who are interested in “Tastings” no" in text


def test_the_page_why_of_a_hand_picked_member_says_who_added_them() -> None:
    maria, group = make_recipient(name="Maria"), make_group()
    client = login(*CHANGE)
    client.post(page(group, "add_people"), {"people": [maria.pk], "reason": "at the fair"})

    text = text_of(client.get(url("why", group.pk, maria.pk)))

    assert "Why Maria is in" in text
    assert "added by Anna" in text
    assert "at the fair" in text


def test_the_page_why_of_a_broken_rule_claims_nothing() -> None:
    maria = make_person("Maria", country="IT")
    group = break_rule(make_rule_group(in_italy()))

    text = text_of(login(*VIEW).get(url("why", group.pk, maria.pk)))

    assert "Mend it before using the group" in text


PAGES = ["members", "add_people"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "permissions",
    [(), ("outreach.view_recipient",), ("outreach.view_contactgroup",)],
    ids=["none", "people only", "groups only"],
)
def test_pages_need_both_permissions(name: str, permissions: tuple[str, ...]) -> None:
    maria = make_recipient()
    group = make_group(maria)
    client = login(*permissions)

    assert client.get(page(group, name)).status_code == 403
    assert client.post(page(group, name), {"people": [maria.pk]}).status_code == 403
    assert client.get(url("why", group.pk, maria.pk)).status_code == 403
    assert members_of(group).count() == 1


def test_who_may_only_look_changes_nobody() -> None:
    maria, ivan = make_recipient(), make_recipient()
    group, client = make_group(maria), login(*VIEW)

    assert client.post(page(group, "members"), {"people": [maria.pk]}).status_code == 403
    assert client.get(page(group, "add_people")).status_code == 403
    added = client.post(page(group, "add_people"), {"people": [ivan.pk], "reason": "x"})
    assert added.status_code == 403
    assert list(members_of(group)) == [maria]


def test_a_group_by_rule_has_no_page_to_add_people() -> None:
    group = make_rule_group(in_italy())

    assert login(*CHANGE).get(page(group, "add_people")).status_code == 403


def test_reading_a_page_changes_nothing() -> None:
    maria = make_recipient()
    group, client = make_group(maria), login(*CHANGE)

    client.get(page(group, "members"), {"people": maria.pk})
    client.get(page(group, "add_people"), {"people": str(maria.pk), "reason": "x", "q": "M"})

    assert list(members_of(group)) == [maria]
    assert not history_of(group).exists()


def test_a_post_without_csrf_token_is_refused() -> None:
    maria, group = make_recipient(), make_group()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = login(*CHANGE).cookies

    response = strict.post(page(group, "add_people"), {"people": [maria.pk], "reason": "x"})

    assert response.status_code == 403
    assert not Membership.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_visitors_are_sent_to_the_login(name: str) -> None:
    response = Client().get(page(make_group(), name))

    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_what_does_not_exist_is_not_found() -> None:
    client, group = login(*CHANGE), make_group()

    assert client.get(url("members", 10**9)).status_code == 404
    assert client.get(url("members", "x")).status_code == 404
    assert client.get(url("why", group.pk, 10**9)).status_code == 404
    assert client.get(url("why", group.pk, 10**40)).status_code == 404
