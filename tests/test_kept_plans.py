"""Plans that PostgreSQL keeps change how long an answer takes, and never the answer (B1, B11)."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from outreach import kept_plans as module
from outreach.kept_plans import kept_plans
from outreach.preferences.models import Topic
from outreach.prepared import Prepared, PreparedRow, asked_ahead, asked_key, asked_text
from outreach.recipients.models import Recipient
from tests.builders import make_recipient, make_topic
from tests.centre.messages import make_message, preferences_path, unsubscribe_path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _session_without_plans() -> Iterator[None]:
    """Plans outlive a transaction, and so a test."""
    _forget_plans()
    yield
    _forget_plans()


def _forget_plans() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


def _people() -> Prepared:
    found = Recipient.objects.filter(pk=asked_key("person"))
    return Prepared(lambda: found.values_list("pk", "given_name"))


def _topics() -> Prepared:
    return Prepared(lambda: Topic.objects.filter(slug=asked_text("slug")).values_list("name"))


def _kept() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall() if name.startswith(module.PREFIX)}


def test_each_is_told_of_themselves() -> None:
    query, maria, ugo = _people(), make_recipient(given_name="Maria"), make_recipient()
    with kept_plans():
        assert query.rows(person=maria.pk) == [(maria.pk, "Maria")]
        assert query.rows(person=ugo.pk) == [(ugo.pk, ugo.given_name)]
        assert query.rows(person=0) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_plan_is_made_once_and_found_by_the_next_transaction() -> None:
    maria = make_recipient()
    for expected in (1, 0):
        with CaptureQueriesContext(connection) as asked, kept_plans():
            assert _people().rows(person=maria.pk)
        made = [each for each in asked.captured_queries if each["sql"].startswith("PREPARE")]
        assert len(made) == expected
    assert len(_kept()) == 1


@pytest.mark.postgres
def test_no_more_are_kept_than_the_session_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    maria, tastings = make_recipient(), make_topic("Tastings", slug="tastings")
    people, topics = _people(), _topics()
    ahead = [people.about(person=maria.pk), topics.about(slug="tastings")]
    with kept_plans(), asked_ahead(ahead):
        assert people.rows(person=maria.pk) == [(maria.pk, maria.given_name)]
        assert topics.rows(slug="tastings") == [(tastings.name,)]
    assert len(_kept()) == 1


def test_what_is_asked_ahead_is_each_question_s_own() -> None:
    maria, ugo, tastings = make_recipient(), make_recipient(), make_topic("Tastings", slug="t")
    people, topics, rows = _people(), _topics(), PreparedRow(Topic, by={"slug": asked_text("slug")})
    nobody = Prepared(lambda: Recipient.objects.none().values_list("pk"))
    ahead = [
        topics.about(slug="none of ours"),
        people.about(person=maria.pk),
        nobody.about(),
        rows.about(slug="t"),
    ]
    with kept_plans(), asked_ahead(ahead):
        assert topics.rows(slug="none of ours") == []
        assert people.rows(person=maria.pk) == [(maria.pk, maria.given_name)]
        assert nobody.rows() == []
        assert rows.first(slug="t") == tastings
        # What was not asked ahead is asked when it is needed.
        assert people.rows(person=ugo.pk) == [(ugo.pk, ugo.given_name)]
        assert topics.rows(slug="t") == [("Tastings",)]


def test_what_was_asked_ahead_is_forgotten_after_it() -> None:
    maria, people = make_recipient(given_name="Maria"), _people()
    with kept_plans():
        with asked_ahead([people.about(person=maria.pk)]):
            assert people.rows(person=maria.pk) == [(maria.pk, "Maria")]
        Recipient.objects.filter(pk=maria.pk).update(given_name="Mara")
        assert people.rows(person=maria.pk) == [(maria.pk, "Mara")]


@pytest.mark.postgres
def test_several_are_asked_for_in_one_go() -> None:
    maria, people, topics = make_recipient(), _people(), _topics()
    ahead = [people.about(person=maria.pk), topics.about(slug="tastings")]
    with kept_plans():
        with asked_ahead(ahead):
            pass
        with CaptureQueriesContext(connection) as asked, asked_ahead(ahead):
            people.rows(person=maria.pk)
            topics.rows(slug="tastings")
    assert len(asked) == 1


@pytest.mark.postgres
def test_nothing_is_kept_where_nobody_asked_for_it() -> None:
    assert _people().rows(person=0) == []
    with asked_ahead([_people().about(person=0)]):
        assert _people().rows(person=0) == []
    assert _kept() == set()


@pytest.mark.postgres
def test_a_block_within_another_asks_the_session_no_second_time() -> None:
    with kept_plans():
        _people().rows(person=0)
        with CaptureQueriesContext(connection) as asked, kept_plans():
            _people().rows(person=0)
    assert len(asked) == 1


@pytest.mark.postgres
def test_a_page_asks_as_rarely_as_it_can(client: Client) -> None:
    """For the plans of the session, for the message, and for all the rest."""
    attempt = make_message(make_recipient("maria@example.com"))
    for path, most in ((preferences_path(attempt), 3), (unsubscribe_path(attempt), 2)):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        of_ours = [each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
        assert len(of_ours) <= most, of_ours
