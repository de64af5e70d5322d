"""B12: people's data leaves with a permission and a purpose, marked, on record, and harmless."""

import csv
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from outreach.exceptions import Refused
from outreach.history.actor import CUSTOMER, SYSTEM, Actor
from outreach.preferences.models import Suppression
from outreach.preferences.suppress import suppress
from outreach.recipients import export as export_module
from outreach.recipients.defused import defused, is_formula
from outreach.recipients.export import export_people
from outreach.recipients.models import Export, Recipient
from tests.builders import make_address, make_recipient, make_topic, make_user, subscribe

ANNA = Actor(key="1001", name="Anna")
PEOPLE = "admin:outreach_recipient_changelist"
PURPOSE = "Badges for the tasting, for the printer in Asti"


def taken(people: Any = None, purpose: str = PURPOSE) -> tuple[Export, bytes]:
    chosen = Recipient.objects.all() if people is None else people
    made, file = export_people(chosen, purpose=purpose, what="all", by=ANNA)
    with file:
        return made, file.read()


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.django_db
def test_b12_an_export_is_on_record_with_its_purpose_count_and_digest() -> None:
    for _number in range(3):
        make_recipient()
    made, data = taken()
    kept = Export.objects.get()
    assert (kept.actor_key, kept.actor_name, kept.purpose) == ("1001", "Anna", PURPOSE)
    assert (kept.count, kept.digest) == (3, sha256(data).hexdigest())
    assert kept.public_id == made.public_id


@pytest.mark.django_db
def test_b12_each_row_carries_the_mark_of_its_export() -> None:
    for _number in range(2):
        make_recipient()
    made, data = taken()
    assert [row["export"] for row in rows_of(data)] == [str(made.public_id)] * 2
    assert taken()[0].public_id != made.public_id


@pytest.mark.django_db
def test_b12_the_record_is_for_ever() -> None:
    taken()
    table = connection.ops.quote_name(Export._meta.db_table)
    deeds: list[Callable[[], object]] = [
        lambda: Export.objects.update(purpose="none"),
        lambda: Export.objects.all().delete(),
        lambda: connection.cursor().execute(f"DELETE FROM {table}"),
    ]
    for deed in deeds:
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert Export.objects.get().purpose == PURPOSE


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", ["", "  \n"])
def test_b12_without_a_purpose_nothing_leaves(purpose: str) -> None:
    with pytest.raises(Refused, match="what the data is for"):
        taken(purpose=purpose)
    assert not Export.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("by", [SYSTEM, CUSTOMER])
def test_b12_only_a_person_takes_data_out(by: Actor) -> None:
    with pytest.raises(Refused):
        export_people(Recipient.objects.all(), purpose=PURPOSE, what="", by=by)


@pytest.mark.django_db
def test_a_row_says_who_they_are_what_they_want_and_whom_not_to_write_to() -> None:
    maria = make_recipient("maria@example.com", company="Rossi, figli")
    maria.addresses.add(make_address("casa@example.com"), through_defaults={"position": 1})
    piero, topic = make_recipient("piero@example.com", name="Piero"), make_topic("Tastings")
    subscribe(maria, topic)
    suppress(reason=Suppression.Reason.HARD_BOUNCE, by=SYSTEM, address=piero.addresses.get())
    gone = make_recipient()
    Recipient.objects.filter(pk=gone.pk).update(erased_at=timezone.now())
    first, second = rows_of(taken()[1])
    assert (first["name"], first["company"]) == ("Maria Rossi", "Rossi, figli")
    assert first["addresses"] == "maria@example.com, casa@example.com"
    assert (first["wishes"], first["do_not_write"]) == ("Tastings (email)", "")
    assert (second["name"], second["wishes"], second["do_not_write"]) == ("Piero", "", "yes")


@pytest.mark.django_db
def test_many_people_go_in_pieces_and_nobody_twice(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(export_module, "CHUNK", 3)
    names = [make_recipient(name=f"Person {number}").name for number in range(8)]
    made, data = taken(Recipient.objects.order_by("-name"))
    assert [row["name"] for row in rows_of(data)] == names
    assert made.count == 8
    monkeypatch.setattr(export_module, "CHUNK", 100)
    with django_assert_max_num_queries(9):
        taken()


@given(st.text())
@example("=1+1")
@example(" =cmd|' /C calc'!A0")
@example("\N{FULLWIDTH EQUALS SIGN}1")
@example("\N{SMALL PLUS SIGN}39")
@example("\t=1")
@example("\r\n@SUM(1)")
@example("-2")
def test_b12_no_cell_is_a_formula_and_no_word_is_lost(text: str) -> None:
    cell = defused(text)
    assert not is_formula(cell)
    assert cell == text or (is_formula(text) and cell == "'" + text)


OTHER_FORMS = (
    "FULLWIDTH EQUALS SIGN",
    "FULLWIDTH PLUS SIGN",
    "FULLWIDTH HYPHEN-MINUS",
    "FULLWIDTH COMMERCIAL AT",
    "SMALL PLUS SIGN",
    "SMALL HYPHEN-MINUS",
    "SMALL EQUALS SIGN",
    "SMALL COMMERCIAL AT",
    "MINUS SIGN",
)


@pytest.mark.parametrize(
    "sign",
    [*"=+-@\t\r\n", *map(unicodedata.lookup, OTHER_FORMS), " =", "\N{NO-BREAK SPACE}="],
)
def test_b12_what_a_spreadsheet_would_compute_is_text(sign: str) -> None:
    assert defused(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.django_db
def test_b12_a_name_that_is_a_formula_leaves_as_text() -> None:
    make_recipient(name="=HYPERLINK(1)", company="+39 0141", language="it")
    ((row),) = rows_of(taken()[1])
    assert (row["name"], row["company"]) == ("'=HYPERLINK(1)", "'+39 0141")


# The pages


def ask(client: Client, *people: Recipient, query: str = "", **form: str) -> HttpResponseBase:
    chosen = {"action": "take_out", "_selected_action": [person.pk for person in people]}
    return client.post(reverse(PEOPLE) + query, chosen | form)


@pytest.fixture
def anna(client: Client, db: None) -> Client:
    client.force_login(
        make_user(
            "anna", "outreach.view_recipient", "outreach.export_person", "outreach.view_export"
        )
    )
    return client


def test_the_action_asks_what_for_and_answers_with_the_file(anna: Client) -> None:
    maria, _piero = make_recipient("maria@example.com"), make_recipient()
    page = ask(anna, maria)
    assert b"What for, and who gets it" in page.content  # type: ignore[attr-defined]
    assert not Export.objects.exists()
    answer = ask(anna, maria, purpose=PURPOSE, is_promised="on")
    kept = Export.objects.get()
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == (f'attachment; filename="people-{kept.public_id}.csv"')
    assert "no-store" in answer["Cache-Control"]
    assert [row["addresses"] for row in rows_of(data)] == ["maria@example.com"]
    assert (kept.count, kept.digest, kept.actor_name) == (1, sha256(data).hexdigest(), "Anna")


@pytest.mark.parametrize(
    "form",
    [
        {"purpose": "", "is_promised": "on"},
        {"purpose": "short", "is_promised": "on"},
        {"purpose": PURPOSE},
        {"purpose": "x" * 2001, "is_promised": "on"},
        {"purpose": "\0" * 20, "is_promised": "on"},
    ],
)
def test_without_a_purpose_and_a_promise_there_is_no_file(
    anna: Client, form: dict[str, str]
) -> None:
    answer = ask(anna, make_recipient(), **form)
    assert answer.status_code == 200
    assert not answer.streaming
    assert not Export.objects.exists()


def test_all_of_a_list_leave_as_it_is_filtered_and_no_name_stays_on_record(anna: Client) -> None:
    for language in ("it", "it", "es"):
        make_recipient(language=language, name="Maria")
    answer = ask(
        anna, Recipient.objects.all()[0], query="?language=it&q=Maria", select_across="1",
        purpose=PURPOSE, is_promised="on",
    )  # fmt: skip
    assert len(rows_of(b"".join(answer.streaming_content))) == 2  # type: ignore[attr-defined]
    assert Export.objects.get().what == "all in the list, language=it, found by a search"


def test_b12_without_the_permission_nothing_leaves(client: Client, db: None) -> None:
    client.force_login(make_user("bruno", "outreach.view_recipient"))
    assert b"Take their data out" not in client.get(reverse(PEOPLE)).content
    answer = ask(client, make_recipient(), purpose=PURPOSE, is_promised="on")
    assert not answer.streaming
    assert not Export.objects.exists()


def test_b12_a_file_is_known_by_its_mark(anna: Client) -> None:
    make_recipient()
    made, _data = taken()
    taken(purpose="Another purpose, for nobody")
    address = reverse("admin:outreach_export_changelist")
    for term in (str(made.public_id), f" {made.public_id.hex}", made.digest, "printer in Asti"):
        found = anna.get(address, {"q": term}).context["cl"]
        assert [export.pk for export in found.result_list] == [made.pk] or term == made.digest
    page = anna.get(reverse("admin:outreach_export_change", args=[made.pk])).content.decode()
    assert PURPOSE in page


def test_b12_the_record_is_read_and_never_changed_in_the_admin(anna: Client) -> None:
    make_recipient()
    made, _data = taken()
    for page, args in {"add": [], "change": [made.pk], "delete": [made.pk]}.items():
        url = reverse(f"admin:outreach_export_{page}", args=args)
        assert anna.post(url, {"post": "yes"}).status_code == 403
