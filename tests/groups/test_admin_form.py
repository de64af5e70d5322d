from typing import Any

import pytest

from outreach.groups.models import ContactGroup
from outreach.history.record import history_of
from outreach.recipients.models import Recipient
from tests.builders import make_group, make_recipient, make_topic
from tests.groups.pages import CHANGE, VIEW, form_data, login, page, text_of, text_of_html, url
from tests.groups.people import asks, break_rule, in_italy, make_person, make_rule_group, rule_that

pytestmark = pytest.mark.django_db

ITALY = ("contact.country", "equals", "Italy")


def test_b3_somebody_who_knows_no_code_writes_a_rule() -> None:
    make_topic("Tastings and visits", slug="tastings")
    client = login(*CHANGE)
    assert client.get(url("add")).status_code == 200

    wanted = ("interest", "includes", "tastings and visits")
    response = client.post(url("add"), form_data(ITALY, wanted, match="any"), follow=True)

    group = ContactGroup.objects.get()
    assert group.rule == rule_that(
        in_italy(), asks("interest", "includes", "tastings"), match="any"
    )
    assert group.created_by == "Anna"
    assert "was added successfully" in text_of(response)
    entry = history_of(group).get()
    assert (entry.verb, entry.actor_name) == ("group.made", "Anna")
    assert "People whose country is Italy or who are interested in" in entry.note


def test_a1_somebody_makes_a_group_to_be_picked_by_hand() -> None:
    login(*CHANGE).post(url("add"), form_data(name="Press", kind="hand"))

    group = ContactGroup.objects.get()
    assert (group.kind, group.rule) == (ContactGroup.Kind.HAND, {})


def test_the_page_of_a_group_reads_its_rule_back_with_people_and_reasons() -> None:
    for number in range(12):
        make_person(f"Person {number:02}", country="IT")
    first = Recipient.objects.get(name="Person 00")
    group = make_rule_group(in_italy())

    response = login(*CHANGE).get(page(group))

    text = text_of(response)
    assert "People whose country is Italy." in text
    assert "12 people now." in text
    assert "Person 09" in text
    assert "Person 10" not in text
    assert "The first 10 by name." in text
    assert f'<a href="{page(group, "members")}">12 people now.</a>' in response.content.decode()
    assert url("why", group.pk, first.pk) in response.content.decode()


def test_a_saved_row_offers_what_its_fact_can_be_asked() -> None:
    html = login(*CHANGE).get(page(make_rule_group(in_italy()))).content.decode()

    row = html[html.index('id="id_rule-1-comparison"') : html.index('value="remove:1"')]
    assert '<option value="IT" selected>Italy</option>' in row
    assert 'value="differs"' in row
    assert 'value="before"' not in row


def test_each_field_of_a_row_has_a_label() -> None:
    text = text_of(login(*CHANGE).get(url("add")))

    assert "Condition 1: What" in text
    assert "Condition 1: Value" in text


def test_a_rule_is_changed_and_a_row_dropped_by_emptying_it() -> None:
    group = make_rule_group(in_italy(), asks("contact.city", "equals", "Asti"))
    data = form_data(("", "", ""), ("contact.city", "contains", "Alba"))
    del data["kind"]

    login(*CHANGE).post(page(group), data)

    group.refresh_from_db()
    assert group.rule == rule_that(asks("contact.city", "contains", "Alba"))
    assert history_of(group).get().verb == "group.changed"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("contact.country", "equals", "Atlantis"), "“Atlantis” is not one of"),
        (("contact.country", "contains", "IT"), "Choose one of: is, is not, is known"),
        (("contact.country", "", ""), "Choose how to compare, and a value."),
        (("", "equals", "IT"), "Choose what to ask about, or remove the row."),
        (("contact.city", "equals", ""), "Write a word"),
        (("contact.city", "equals", "x" * 201), "at most 200 characters"),
        (("contact.city", "equals", "a\x00b"), "Null characters are not allowed"),
        (("contact.customer_since", "in_last", "soon"), "whole number of days"),
        (("contact.customer_since", "in_last", "9" * 5000), "at most 200 characters"),
        (("contact.customer_since", "before", "31 foo"), "Write a date"),
        (("contact.shoe_size", "equals", "42"), "“contact.shoe_size”"),
        (("recipient__pk", "equals", "1 OR 1=1"), "Nothing is known here"),
        (("contact.city", "regex", ".*"), "Select a valid choice"),
        (("interest", "includes", "boats"), "nothing to choose from here yet"),
    ],
)
def test_a_mistake_is_told_at_its_row(row: tuple[str, str, str], words: str) -> None:
    response = login(*CHANGE).post(url("add"), form_data(ITALY, row))

    html = response.content.decode()
    second = html[html.index('value="remove:1"') : html.index('value="remove:2"')]
    assert words in text_of_html(second)
    assert "The rule is not complete" in text_of(response)
    assert not ContactGroup.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (form_data(), "A rule needs at least one condition."),
        (form_data(ITALY, kind="hand"), "A group picked by hand has no rule."),
        (form_data(*[ITALY] * 51), "at most 50 conditions"),
        (form_data(ITALY, match="most"), "Select a valid choice"),
        (form_data(ITALY, **{"rule-outline": ""}), "A rule needs at least one condition."),
        (form_data(ITALY, **{"rule-outline": "x9 c c-1 " * 500}), "at least one condition"),
        (form_data(ITALY, **{"rule-outline": "b1 b2 b3 b4 b5 b6 b7 c8"}), "not complete"),
        ({"name": "x", "kind": "rule"}, "The rule is not complete"),
    ],
)
def test_a_form_that_makes_no_rule_is_sent_back(data: Any, words: str) -> None:
    response = login(*CHANGE).post(url("add"), data)

    assert response.status_code == 200
    assert words in text_of(response)
    assert not ContactGroup.objects.exists()


def test_nothing_is_shown_of_a_rule_for_a_hand_picked_group() -> None:
    html = login(*CHANGE).get(page(make_group(make_recipient()))).content.decode()

    assert "rule-outline" not in html
    assert "1 person now." in html


def test_a_broken_rule_is_shown_as_broken_and_can_be_mended() -> None:
    client, group = login(*CHANGE), break_rule(make_rule_group(in_italy()))

    response = client.get(page(group))
    assert "Mend it before using the group" in text_of(response)
    assert "contact.shoe_size (no longer exists)" in response.content.decode()
    assert "people now" not in text_of(response)

    client.post(page(group), form_data(ITALY, name=group.name))
    group.refresh_from_db()
    assert group.rule == rule_that(in_italy())


def test_who_may_only_look_sees_the_sentence_and_no_editor() -> None:
    make_person("Maria", country="IT")
    response = login(*VIEW).get(page(make_rule_group(in_italy())))

    assert "People whose country is Italy." in text_of(response)
    assert "Maria" in text_of(response)
    assert "rule-outline" not in response.content.decode()


def test_who_may_not_see_people_sees_only_how_many() -> None:
    make_person("Maria", country="IT")
    response = login("outreach.view_contactgroup").get(page(make_rule_group(in_italy())))

    assert "1 person now." in text_of(response)
    assert "Maria" not in text_of(response)


def test_the_page_takes_a_bounded_number_of_queries(django_assert_max_num_queries: Any) -> None:
    make_topic()
    for number in range(12):
        make_person(f"Person {number}", country="IT")
    client, group = login(*CHANGE), make_rule_group(*[in_italy()] * 20)

    with django_assert_max_num_queries(20):
        assert client.get(page(group)).status_code == 200


def test_no_script_and_no_style_is_written_into_the_page() -> None:
    html = login(*CHANGE).get(page(make_rule_group(in_italy()))).content.decode()

    assert " style=" not in html
    assert " onclick=" not in html
