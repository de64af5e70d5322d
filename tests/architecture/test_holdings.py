"""B12: every table that leads to a person is shown to them, and emptied when they are erased."""

import pytest
from django.apps import apps
from django.db.models import Model

from outreach.recipients.held import Holding, all_holdings, sections_of
from outreach.recipients.models import Address, Recipient
from tests.builders import make_recipient

LISTED: dict[str, str] = {}
"""Tables that lead to a person and are held by no room, each with the reason."""


def _leading_to_people() -> set[type[Model]]:
    """Everything from which foreign keys lead to a person or an address, however far."""
    tables = set(apps.get_app_config("outreach").get_models(include_auto_created=True))
    leading: set[type[Model]] = {Recipient, Address}
    while more := {
        table
        for table in tables - leading
        for field in table._meta.get_fields()
        if field.is_relation and (field.many_to_one or field.one_to_one) and field.concrete
        if field.related_model in leading
    }:
        leading |= more
    return leading


def test_b12_every_table_that_leads_to_a_person_is_held_by_a_room() -> None:
    held = {table for holding in all_holdings() for table in holding.tables}
    missing = {table.__name__ for table in _leading_to_people() - held} - LISTED.keys()
    assert not missing, f"Show and erase them in the holdings of their room: {sorted(missing)}"


def test_the_chain_is_followed_to_its_end() -> None:
    names = {table.__name__ for table in _leading_to_people()}
    assert {"Membership", "ConsentEvidence", "Message", "Clock", "DataRequest"} <= names
    assert not {"Topic", "Campaign", "ContactGroup", "Sender"} & names


def test_a_table_is_held_in_its_own_room_and_by_one_alone() -> None:
    holders: dict[type[Model], list[Holding]] = {}
    for holding in all_holdings():
        for table in holding.tables:
            holders.setdefault(table, []).append(holding)
    assert [table for table, found in holders.items() if len(found) > 1] == []
    for table, (holding,) in holders.items():
        room = type(holding).__module__.rpartition(".")[0]
        is_history = table.__module__ == "outreach.history.models"  # below all rooms of people
        is_own = table.__module__.rpartition(".")[0] == room
        assert is_own or is_history


@pytest.mark.django_db
def test_sections_have_names_of_their_own_and_rows_as_long_as_their_columns() -> None:
    sections = sections_of(make_recipient())
    assert len({section.key for section in sections}) == len(sections)
    for section in sections:
        names = [column.name for column in section.columns]
        assert len(set(names)) == len(names)
        assert all(len(row) == len(names) for row in section.rows)
