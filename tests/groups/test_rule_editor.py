"""The buttons of the editor, with and without a script: they show, and keep nothing."""

from typing import Any

import pytest
from django.test import Client

from outreach.groups.models import ContactGroup
from outreach.groups.rule import block_as_json
from outreach.history.models import HistoryEntry
from tests.builders import make_group
from tests.groups.pages import CHANGE, VIEW, login, page, row_data, text_of, url
from tests.groups.people import asks, break_rule, in_italy, make_person, make_rule_group, rule_that

pytestmark = pytest.mark.django_db

ITALY = ("contact.country", "equals", "IT")
ASTI = ("contact.city", "equals", "Asti")
ALBA = ("contact.city", "equals", "Alba")


def _nested_form(**fields: str) -> dict[str, str]:
    """In Italy, and of these: not in Asti or Alba."""
    return {
        "name": "Italy",
        "kind": "rule",
        "rule-match": "all",
        "rule-outline": "c1 b1 c2 c2 c1",
        **row_data(1, *ITALY),
        "rule-2-match": "none",
        **row_data(3, *ASTI),
        **row_data(4, *ALBA),
        **row_data(5, "", "", ""),
        **fields,
    }


NESTED = rule_that(in_italy(), block_as_json("none", [asks(*ASTI), asks(*ALBA)]))


def _press(client: Client, what: str, **fields: str) -> str:
    response = client.post(url("add"), _nested_form(**{"rule-do": what, **fields}))
    assert response.status_code == 200
    assert not ContactGroup.objects.exists()
    assert not HistoryEntry.objects.exists()
    return response.content.decode()


def _outline(html: str) -> str:
    (_before, after) = html.split('name="rule-outline" value="')
    return after.partition('"')[0]


def test_b3_conditions_inside_of_conditions_are_saved_and_shown_again() -> None:
    client = login(*CHANGE)

    client.post(url("add"), _nested_form())

    group = ContactGroup.objects.get()
    assert group.rule == NESTED
    html = client.get(page(group)).content.decode()
    assert _outline(html) == "c1 b1 c2 c2"
    assert '<option value="none" selected>' in html
    assert "except those whose city is “Asti” or whose city is “Alba”." in html


@pytest.mark.parametrize(
    ("what", "outline"),
    [
        ("add-condition:0", "c1 b1 c2 c2 c1 c1"),
        ("add-condition:2", "c1 b1 c2 c2 c2 c1"),
        ("add-block:2", "c1 b1 c2 c2 b2 c3 c1"),
        ("remove:1", "b1 c2 c2 c1"),
        ("remove:2", "c1 c1"),
        ("remove:4", "c1 b1 c2 c1"),
        ("count", "c1 b1 c2 c2 c1"),
    ],
)
def test_a_button_changes_the_rows_and_keeps_what_is_written(what: str, outline: str) -> None:
    html = _press(login(*CHANGE), what)

    assert _outline(html) == outline
    assert 'value="Italy"' in html
    assert ('value="Asti"' in html) == (what != "remove:2")
    assert "errornote" not in html
    assert "errorlist" not in html


@pytest.mark.parametrize(
    "what",
    [
        "remove:0",
        "remove:99",
        "remove:-1",
        "remove:",
        "remove:" + "9" * 5000,
        "add-block:1",
        "?",
        "٣",
    ],
)
def test_a_button_that_there_is_not_changes_nothing(what: str) -> None:
    assert _outline(_press(login(*CHANGE), what)) == "c1 b1 c2 c2 c1"


@pytest.mark.parametrize(
    ("what", "focused"),
    [
        ("add-condition:2", 'id="id_rule-5-fact"'),
        ("add-block:0", 'id="id_rule-7-fact"'),
        ("remove:4", 'value="add-condition:2"'),
        ("count", 'id="rule-said"'),
    ],
)
def test_the_keyboard_goes_on_where_it_was(what: str, focused: str) -> None:
    html = _press(login(*CHANGE), what)

    (tag,) = [tag for tag in html.split("<") if " autofocus" in tag]
    assert focused in tag


def test_a_group_of_conditions_begins_with_one_to_write() -> None:
    html = _press(login(*CHANGE), "add-block:0")

    assert _outline(html) == "c1 b1 c2 c2 c1 b1 c2"
    assert "Condition 4.1: What" in html


def test_no_more_levels_and_conditions_are_offered_than_a_rule_may_have() -> None:
    client = login(*CHANGE)
    deep = _press(client, "count", **{"rule-outline": "b1 b2 b3 b4 c5"})
    full = _press(client, "count", **{"rule-outline": " ".join(["c1"] * 50)})

    assert 'value="add-block:3"' in deep
    assert 'value="add-block:4"' not in deep
    assert 'value="add-condition:4"' in deep
    assert "There is no room for more conditions." in full
    assert 'value="add-condition:0"' not in full
    more = _press(client, "add-condition:0", **{"rule-outline": " ".join(["c1"] * 50)})
    assert _outline(more) == " ".join(["c1"] * 50)


def test_enter_saves_and_presses_no_other_button() -> None:
    html = login(*CHANGE).get(url("add")).content.decode()

    form = html[html.index('id="contactgroup_form"') :]
    first = form[form.index("<button") :].partition(">")[0]
    assert 'name="_save"' in first


def test_b3_count_shows_who_it_would_be_without_saving() -> None:
    make_person("Maria", country="IT", city="Cuneo")
    make_person("Bruno", country="IT", city="Asti")

    text = text_of(login(*CHANGE).post(url("add"), _nested_form(**{"rule-do": "count"})))

    assert "Who would be in it, not saved yet" in text
    assert "1 person now." in text
    assert "Maria" in text
    assert "Bruno" not in text
    assert "except those whose city is “Asti”" in text


def test_while_a_rule_is_unfinished_nobody_is_counted() -> None:
    make_person("Maria", country="IT")
    unfinished = {**row_data(3, "contact.city", "equals", ""), "rule-do": "count"}

    text = text_of(login(*CHANGE).post(url("add"), _nested_form(**unfinished)))

    assert "Condition 2.1: Write a word" in text
    assert "Until then nobody is counted." in text
    assert "Maria" not in text


def _preview(client: Client, group: ContactGroup | None = None, **fields: str) -> Any:
    address = page(group, "preview") if group else url("preview_new")
    return client.post(address, _nested_form(**{"rule-do": "count", **fields}))


def test_the_script_is_given_rows_and_outcome_and_nothing_is_kept() -> None:
    make_person("Maria", country="IT")
    group = make_rule_group(in_italy())
    client = login(*CHANGE)

    for asked in (_preview(client), _preview(client, group)):
        html = asked.content.decode()
        assert html.startswith('<div id="rule-rows">')
        assert "1 person now." in text_of(asked)
        assert "Maria" in html
        assert "<html" not in html
    group.refresh_from_db()
    assert group.rule == rule_that(in_italy())
    assert not HistoryEntry.objects.exists()


def test_a_preview_is_for_who_may_write_rules_and_names_for_who_may_see_people() -> None:
    make_person("Maria", country="IT")
    group = make_rule_group(in_italy())

    assert _preview(login(*VIEW)).status_code == 403
    assert _preview(login(*VIEW), group).status_code == 403
    assert _preview(login("outreach.add_contactgroup"), group).status_code == 403
    unseen = _preview(login("outreach.add_contactgroup"))
    assert "1 person now." in text_of(unseen)
    assert "Maria" not in text_of(unseen)


def test_a_preview_is_no_page_to_open() -> None:
    assert login(*CHANGE).get(url("preview_new")).status_code == 405
    assert login(*CHANGE).post(url("preview", 10**6), {}).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"rule-outline": "b9 " * 5000},
        {"rule-outline": "c1", "rule-1-fact": "x" * 10**5, "rule-1-value": "\x00"},
        {"rule-outline": "c1", "rule-1-fact": "contact.city", "rule-1-comparison": "regex"},
        {"rule-match": "'; DROP TABLE x; --", "rule-do": "count"},
    ],
)
def test_whatever_is_sent_is_answered(data: dict[str, str]) -> None:
    assert login(*CHANGE).post(url("preview_new"), data).status_code == 200


def test_a_broken_rule_says_at_its_row_what_is_wrong() -> None:
    group = break_rule(make_rule_group(in_italy(), asks(*ASTI)))

    html = login(*CHANGE).get(page(group)).content.decode()

    first, second = (html.index(f'value="remove:{number}"') for number in (1, 2))
    rows = html[html.index('id="rule-rows"') : first], html[first:second]
    assert "Nothing is known here by the name" in rows[0]
    assert "errorlist" not in rows[1]


def test_a_group_picked_by_hand_is_asked_about_no_rule() -> None:
    html = login(*CHANGE).get(page(make_group())).content.decode()

    assert "rule_editor.js" not in html
    assert "rule-do" not in html


def test_a_value_written_as_its_label_becomes_the_choice() -> None:
    italian = {**row_data(1, "contact.country", "equals", "italy"), "rule-do": "count"}

    html = login(*CHANGE).post(url("add"), _nested_form(**italian)).content.decode()

    assert '<option value="IT" selected>Italy</option>' in html
