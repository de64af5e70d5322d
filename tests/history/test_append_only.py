"""Statement 8: what is on record is never changed or deleted, whoever asks the database for it."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from outreach.checks import check_triggers
from outreach.history.actor import SYSTEM, Actor
from outreach.history.append_only import AppendOnly, append_only_tables
from outreach.history.models import HistoryEntry
from outreach.history.record import history_of, record
from outreach.history.triggers import DIALECTS, lifted_to_flush, missing, put_back
from outreach.preferences.models import ConsentRecord, Wording
from outreach.preferences.our_words import our_words
from outreach.workplace.doctor.consent import not_guarded
from tests.builders import make_recipient, make_topic, make_user, subscribe

pytestmark = pytest.mark.django_db
Deed = Callable[[type[AppendOnly]], object]


@pytest.fixture(autouse=True)
def _on_record() -> None:
    """A row in each of the tables."""
    maria = make_recipient()
    subscribe(maria, make_topic())
    our_words("Yes, invite me to tastings")


def _sql(statement: str) -> Deed:
    def execute(model: type[AppendOnly]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=connection.ops.quote_name(model._meta.db_table)))

    return execute


def _column_of(model: type[AppendOnly]) -> str:
    return next(f.name for f in model._meta.local_concrete_fields if not f.primary_key)


DEEDS: dict[str, Deed] = {
    "update": lambda model: model._default_manager.update(
        **{_column_of(model): models.F(_column_of(model))}
    ),
    "delete": lambda model: model._default_manager.all().delete(),
    "raw delete": _sql("DELETE FROM {table}"),
    "raw update": _sql("UPDATE {table} SET id = id"),
    "raw delete of one": _sql("DELETE FROM {table} WHERE id > 0"),
    "save": lambda model: model._default_manager.all()[0].save(),
    "bulk update": lambda model: model._default_manager.bulk_update(
        model._default_manager.all(), [_column_of(model)]
    ),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
@pytest.mark.parametrize("model", [ConsentRecord, HistoryEntry, Wording])
def test_statement_8_what_is_on_record_is_neither_changed_nor_deleted(
    model: type[AppendOnly], deed: Deed
) -> None:
    before = list(model._default_manager.order_by("pk").values())
    assert before
    if deed is DEEDS["delete"] and model is not HistoryEntry:
        refusals: Any = (IntegrityError, models.ProtectedError)
    else:
        refusals = IntegrityError
    with pytest.raises(refusals), transaction.atomic():
        deed(model)
    assert list(model._default_manager.order_by("pk").values()) == before


def test_every_column_of_the_ledger_is_guarded() -> None:
    table = connection.ops.quote_name(ConsentRecord._meta.db_table)
    for field in ConsentRecord._meta.local_concrete_fields:
        column = connection.ops.quote_name(str(field.column))
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET {column} = {column}")


def test_b12_a_note_in_the_history_can_be_erased_and_not_rewritten() -> None:
    maria = make_recipient()
    record(maria, "contact.merged", by=SYSTEM, note="Maria Rossi, the twin of the baker")
    with pytest.raises(IntegrityError), transaction.atomic():
        history_of(maria).update(note="Somebody else")
    with pytest.raises(IntegrityError), transaction.atomic():
        history_of(maria).update(note="", verb="contact.changed")
    history_of(maria).update(note="")
    assert history_of(maria).get().note == ""


def test_a_user_of_the_host_may_go() -> None:
    anna = make_user()
    record(make_recipient(), "topic.begun", by=Actor.of(anna))
    anna.delete()
    assert HistoryEntry.objects.filter(actor_name="Anna").exists()


def drop_all() -> list[str]:
    dropped: list[str] = []
    with connection.cursor() as cursor:
        for model in append_only_tables():
            table = model._meta.db_table
            for name in DIALECTS[connection.vendor].found(connection, table):
                cursor.execute(DIALECTS[connection.vendor].drop(name, table))
                dropped.append(name)
    return sorted(dropped)


def test_triggers_that_are_gone_are_seen_and_put_back_by_migrate() -> None:
    assert (missing(connection), not_guarded(), check_triggers(databases=["default"])) == (
        [],
        [],
        [],
    )
    dropped = drop_all()
    assert sorted(missing(connection)) == sorted(not_guarded()) == dropped
    (warning,) = check_triggers(databases=["default"])
    assert warning.id == "outreach.W011"
    assert "migrate" in str(warning.hint)
    call_command("migrate", verbosity=0, stdout=StringIO())
    assert missing(connection) == []
    assert put_back(connection) == [], "twice does no more than once"


def test_a_trigger_that_says_something_else_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HistoryEntry, "may_be_emptied", ())
    assert len(missing(connection)) == 1
    (made,) = put_back(connection)
    assert "no_update" in made
    with pytest.raises(IntegrityError), transaction.atomic():
        HistoryEntry.objects.update(note="")
    monkeypatch.undo()
    put_back(connection)
    HistoryEntry.objects.update(note="")


def test_a_trigger_of_the_host_is_left_alone() -> None:
    name = "host_audit"
    with connection.cursor() as cursor:
        dialect = DIALECTS[connection.vendor]
        table = HistoryEntry._meta.db_table
        cursor.execute(dialect.trigger(name, table, "UPDATE OF verb", "NEW.verb = ''"))
        put_back(connection)
        assert name in dialect.found(connection, table)


def test_a_database_that_cannot_be_guarded_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.history.triggers.DIALECTS", {})
    assert (put_back(connection), missing(connection)) == ([], [])
    (warning,) = check_triggers(databases=["default"])
    assert "append-only tables" in warning.msg
    assert not_guarded() == [connection.vendor]
    with lifted_to_flush(connection):
        pass


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_database_and_leaves_it_guarded() -> None:
    assert ConsentRecord.objects.exists()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert not ConsentRecord.objects.exists()
    assert missing(connection) == []
    subscribe(make_recipient(), make_topic())
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRecord.objects.update(source="api")


@pytest.mark.django_db(transaction=True)
def test_a_flush_that_fails_leaves_it_guarded() -> None:
    with pytest.raises(RuntimeError), lifted_to_flush(connection):
        raise RuntimeError
    assert missing(connection) == []


@pytest.fixture
def migrated_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_all_can_be_migrated_away_and_back(migrated_again: None) -> None:
    call_command("migrate", "outreach", "zero", verbosity=0, stdout=StringIO())
    assert missing(connection) == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'outreach_refuse_change'")
            assert cursor.fetchone() == (0,)
    call_command("migrate", "outreach", verbosity=0, stdout=StringIO())
    subscribe(make_recipient(), make_topic())
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRecord.objects.update(source="api")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_sqlite_rebuilds_is_guarded_again() -> None:
    field = ConsentRecord._meta.get_field("actor_key")
    wider = models.CharField(max_length=70, blank=True)
    wider.set_attributes_from_name("actor_key")
    for frm, to in ((field, wider), (wider, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(ConsentRecord, frm, to)
    assert bool(missing(connection)) == (connection.vendor == "sqlite")
    call_command("migrate", verbosity=0, stdout=StringIO())
    assert missing(connection) == []
