"""A file of people for a group: a look at the difference, the deed, and its undoing."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from outreach.eligibility.decide import may_contact
from outreach.exceptions import Conflict, Refused
from outreach.groups.member_file import difference
from outreach.groups.member_import import carry_out, propose, undo
from outreach.groups.members import add_members, members_of, remove_member
from outreach.groups.models import ContactGroup, MemberImport, Membership
from outreach.groups.resources import defused, members_as_table, undefused
from outreach.history.actor import SYSTEM
from outreach.history.record import history_of
from outreach.preferences.consent import withdraw
from outreach.preferences.models import ConsentRecord, Source, Subscription, Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients.models import RecipientAddress
from tests.builders import (
    address_of,
    make_actor,
    make_group,
    make_recipient,
    make_topic,
    subscribe,
)
from tests.groups.pages import CHANGE, VIEW, login, page, text_of, url
from tests.groups.people import in_italy, make_rule_group

pytestmark = pytest.mark.django_db


def csv(*rows: str, heading: str = "address,why") -> bytes:
    return "\n".join([heading, *rows]).encode()


def propose_file(group: ContactGroup, *rows: str) -> MemberImport:
    proposal, _found = propose(
        group, "fair.csv", csv(*rows), reason="met at the fair", by=make_actor()
    )
    return proposal


def names_in(group: ContactGroup) -> set[str]:
    return {person.name for person in members_of(group)}


def test_a1_the_difference_says_of_each_row_what_becomes_of_it() -> None:
    make_recipient("maria@example.com", "Maria")
    piero = make_recipient("piero@example.com", "Piero")
    ivan = make_recipient("ivan@example.com", "Ivan")
    suppress(recipient=ivan, reason=Suppression.Reason.UNSUBSCRIBED, by=SYSTEM)
    group = make_group(piero)

    found = difference(
        group,
        "fair.csv",
        csv(
            " Maria@Example.com ,at our stand",
            "piero@example.com,",
            "ivan@example.com,",
            "nobody@example.com,",
            "not an address,",
            "maria@example.com,again",
            ",",
        ),
    )

    assert [(row.number, row.person, row.why) for row in found.to_add] == [
        (2, "Maria", "at our stand")
    ]
    assert [row.person for row in found.already] == ["Piero"]
    assert [row.person for row in found.refusing] == ["Ivan"]
    assert [row.address for row in found.strangers] == ["nobody@example.com"]
    assert [(row.number, row.why) for row in found.unreadable] == [
        (6, "address is no e-mail address")
    ]
    assert [row.number for row in found.twice] == [7]
    assert names_in(group) == {"Piero"}


def test_a_shared_address_adds_everybody_who_is_written_to_there() -> None:
    address = address_of(make_recipient("rossi@example.com", "Maria"))
    for name, position in (("Piero", 0), ("Ivan", 1)):
        person = make_recipient(None, name)
        RecipientAddress.objects.create(
            recipient=person, address=address, channel="email", position=position
        )

    found = difference(make_group(), "fair.csv", csv("rossi@example.com,"))

    assert {row.person for row in found.to_add} == {"Maria", "Piero"}


def test_who_is_in_the_file_by_two_addresses_is_added_once() -> None:
    maria = make_recipient("maria@example.com", "Maria")
    other = address_of(make_recipient("m.rossi@example.com", "Other"))
    RecipientAddress.objects.filter(address=other).update(recipient=maria, position=1)

    found = difference(make_group(), "fair.csv", csv("maria@example.com,", "m.rossi@example.com,"))

    assert [row.number for row in found.to_add] == [2]
    assert [row.number for row in found.twice] == [3]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "has to name the columns address"),
        (b"name,why\nMaria,x", "has to name the columns address"),
        (b"address,address\na,b", "has to name the columns address"),
        (b"address\n", "nobody below it"),
        (b"address\n\xff\xfe", "not saved as UTF-8"),
        (b"address\n\0", "no CSV file in UTF-8"),
        (b"PK\x03\x04 no zip at all", "cannot be read"),
        (b"address\na,b,c,d", "more fields than the heading"),
        (b"address\n" + b"a@example.com\n" * 20_001, "more than 20000 rows"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_mend(data: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        difference(make_group(), "fair.csv", data)


TABLES = st.text(max_size=300).map(lambda text: f"address\n{text}".encode())


@given(st.binary(max_size=300) | TABLES)
def test_whatever_a_file_holds_it_is_read_or_refused(data: bytes) -> None:
    group = ContactGroup(pk=1, kind=ContactGroup.Kind.HAND)

    with contextlib.suppress(Refused):
        found = difference(group, "x.csv", data)
        assert found.to_add == []


def test_a1_each_member_keeps_who_added_them_when_why_and_from_where() -> None:
    make_recipient("maria@example.com", "Maria")
    make_recipient("piero@example.com", "Piero")
    group, anna = make_group(), make_actor("anna")
    proposal = propose_file(group, "maria@example.com,at our stand", "piero@example.com,")
    assert not Membership.objects.exists()

    assert carry_out(proposal, by=anna) == 2

    kept = {row.recipient.name: row for row in Membership.objects.select_related("recipient")}
    assert (kept["Maria"].reason, kept["Piero"].reason) == ("at our stand", "met at the fair")
    assert {row.source for row in kept.values()} == {"file fair.csv"}
    assert {row.added_by for row in kept.values()} == {"Anna"}
    assert history_of(group)[0].verb == "members.added"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.added, proposal.proposed) == ("done", 2, [])


def test_a_file_is_carried_out_once() -> None:
    make_recipient("maria@example.com")
    proposal = propose_file(make_group(), "maria@example.com,")
    again = MemberImport.objects.get(pk=proposal.pk)
    carry_out(proposal, by=SYSTEM)

    with pytest.raises(Conflict):
        carry_out(again, by=SYSTEM)


def test_b1_an_import_never_brings_back_who_opted_out() -> None:
    topic, maria = make_topic(), make_recipient("maria@example.com")
    subscribe(maria, topic)
    withdraw(maria, [topic], channel="email", source=Source.STAFF, by=SYSTEM)
    before = ConsentRecord.objects.count()
    group = make_group()

    carry_out(propose_file(group, "maria@example.com,she said yes"), by=SYSTEM)

    assert list(members_of(group)) == [maria]
    assert ConsentRecord.objects.count() == before
    assert not Subscription.objects.get(recipient=maria, topic=topic).is_granted
    assert not may_contact(maria, topic, "email").is_allowed


def test_b1_who_refuses_between_the_look_and_the_deed_is_left_out() -> None:
    maria = make_recipient("maria@example.com")
    group = make_group()
    proposal = propose_file(group, "maria@example.com,")
    suppress(recipient=maria, reason=Suppression.Reason.UNSUBSCRIBED, by=SYSTEM)

    assert carry_out(proposal, by=SYSTEM) == 0
    assert names_in(group) == set()


def test_an_undo_takes_out_whom_the_file_brought_and_nobody_else() -> None:
    people = {
        name: make_recipient(f"{name.lower()}@example.com", name)
        for name in ("Maria", "Piero", "Ivan", "Anna", "Gone")
    }
    group = make_group(people["Piero"])
    rows = [f"{name.lower()}@example.com," for name in people]
    done = propose_file(group, *rows)
    carry_out(done, by=SYSTEM)
    add_members(group, [people["Ivan"].pk], by=SYSTEM, reason="came to see us")
    remove_member(group, people["Gone"].pk, by=SYSTEM)
    remove_member(group, people["Anna"].pk, by=SYSTEM)
    add_members(group, [people["Anna"].pk], by=SYSTEM, reason="wrote to us")

    assert undo(done, by=make_actor("piotr")) == 1

    assert names_in(group) == {"Piero", "Ivan", "Anna"}
    done.refresh_from_db()
    assert (done.state, done.removed, done.undone_by) == ("undone", 1, "Piotr")
    assert history_of(people["Maria"])[0].verb == "group.left"
    with pytest.raises(Conflict):
        undo(done, by=SYSTEM)


def test_a_look_that_nobody_agreed_to_is_forgotten_after_a_day() -> None:
    group = make_group()
    make_recipient("maria@example.com")
    old = propose_file(group, "maria@example.com,")
    MemberImport.objects.update(made_at=timezone.now() - timedelta(days=2))

    fresh = propose_file(group, "maria@example.com,")

    assert set(MemberImport.objects.all()) == {fresh}
    assert old.pk != fresh.pk


def test_a_file_adds_nobody_to_a_rule() -> None:
    with pytest.raises(Refused, match="found by a rule"):
        propose_file(make_rule_group(in_italy()), "maria@example.com,")


def test_many_rows_take_few_queries(django_assert_max_num_queries: Any) -> None:
    rows = []
    for number in range(60):
        make_recipient(f"p{number}@example.com")
        rows.append(f"p{number}@example.com,")
    group = make_group()

    with django_assert_max_num_queries(20):
        carry_out(propose_file(group, *rows), by=SYSTEM)


# The pages


def _upload(client: Client, group: ContactGroup, data: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("fair.csv", data)
    sent = {"reason": "met at the fair", "file": file, **fields}
    return client.post(page(group, "import"), sent)


def test_the_page_shows_the_difference_then_adds_then_undoes() -> None:
    make_recipient("maria@example.com", "Maria Rossi")
    group, client = make_group(name="Press"), login(*CHANGE)

    shown = _upload(client, group, csv("maria@example.com,", "nobody@example.com,"))
    assert "What fair.csv would change. Nothing is added yet." in text_of(shown)
    assert "Maria Rossi" in text_of(shown)
    assert "nobody@example.com" in text_of(shown)
    assert names_in(group) == set()

    proposal = MemberImport.objects.get()
    added = client.post(url("import_add", group.pk, proposal.pk), follow=True)
    assert "1 person is now in “Press”." in text_of(added)
    assert "fair.csv" in text_of(added)
    assert names_in(group) == {"Maria Rossi"}

    undo_page = url("import_undo", group.pk, proposal.pk)
    assert "1 person whom this file brought is taken out" in text_of(client.get(undo_page))
    assert names_in(group) == {"Maria Rossi"}
    undone = client.post(undo_page, follow=True)
    assert "Undone: 1 person is no longer in “Press”." in text_of(undone)
    assert "undone by Anna" in text_of(undone)
    assert names_in(group) == set()


def test_columns_that_are_not_used_are_named_and_nothing_is_written_twice() -> None:
    make_recipient("maria@example.com")
    group = make_group()

    shown = _upload(login(*CHANGE), group, csv("maria@example.com,x", heading="Address,Phone"))

    assert "Columns that are not used: phone." in text_of(shown)


@pytest.mark.parametrize("data", [b"name\nMaria", b"\0"])
def test_a_bad_file_is_sent_back_with_the_mend(data: bytes) -> None:
    shown = _upload(login(*CHANGE), make_group(), data)

    assert shown.status_code == 200
    assert "Save it anew" in text_of(shown) or "has to name the columns" in text_of(shown)
    assert not MemberImport.objects.exists()


def test_only_who_may_change_members_imports() -> None:
    group, client = make_group(), login(*VIEW)
    make_recipient("maria@example.com")
    proposal = propose_file(group, "maria@example.com,")

    assert client.get(page(group, "import")).status_code == 403
    assert _upload(client, group, csv("maria@example.com,")).status_code == 403
    assert client.post(url("import_add", group.pk, proposal.pk)).status_code == 403
    assert client.post(url("import_undo", group.pk, proposal.pk)).status_code == 403
    assert names_in(group) == set()


def test_an_import_belongs_to_its_group() -> None:
    group, other = make_group(), make_group()
    make_recipient("maria@example.com")
    proposal = propose_file(group, "maria@example.com,")
    client = login(*CHANGE)

    assert client.post(url("import_add", other.pk, proposal.pk)).status_code == 404
    assert client.get(url("import_add", group.pk, proposal.pk)).status_code == 405
    assert names_in(group) == set()


# What goes out


def test_b12_no_cell_of_an_export_is_run_by_a_spreadsheet_and_it_can_be_imported_again() -> None:
    make_recipient("maria@example.com", "=cmd|' /C calc'!A0", company="@SUM(1)")
    group = make_group()
    carry_out(propose_file(group, "maria@example.com,'+39 called us"), by=make_actor("anna"))

    table = members_as_table(group)

    (row,) = table.dict
    assert row["name"] == "'=cmd|' /C calc'!A0"
    assert row["company"] == "'@SUM(1)"
    assert row["why"] == "'+39 called us"
    assert (row["address"], row["added_by"]) == ("maria@example.com", "Anna")
    assert row["source"] == "file fair.csv"
    again = make_group()
    found = difference(again, "again.csv", table.export("csv").encode())
    assert [(each.address, each.why) for each in found.to_add] == [
        ("maria@example.com", "+39 called us")
    ]


def test_members_by_rule_are_exported_too() -> None:
    make_recipient("maria@example.com", "Maria", country="IT")
    group = ContactGroup.objects.create(
        name="Italy",
        kind=ContactGroup.Kind.RULE,
        rule={
            "version": 2,
            "match": "all",
            "conditions": [{"fact": "person.country", "is": "equals", "value": "IT"}],
        },
    )

    (row,) = members_as_table(group).dict

    assert (row["name"], row["added_by"]) == ("Maria", "")


@given(st.text(max_size=20))
def test_what_is_defused_is_no_formula_and_comes_back(text: str) -> None:
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    if not text.startswith("'"):
        assert undefused(defused(text)) == text
