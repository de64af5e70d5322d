"""Queries that are compiled once still answer for whoever is asked about, at each time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from outreach.kept_plans import kept_plans
from outreach.preferences.models import Pause, Source
from outreach.prepared import Prepared, PreparedRow, asked_key, asked_time
from outreach.recipients.models import Recipient
from tests.builders import make_recipient

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_it_is_worked_out_once_and_asked_for_each() -> None:
    built: list[int] = []

    def ends() -> "QuerySet[Pause, tuple[datetime]]":
        built.append(1)
        of_person = Pause.objects.filter(recipient=asked_key("person"))
        return of_person.filter(ends_at__gt=asked_time("now")).values_list("ends_at")

    query, maria, ugo = Prepared(ends), make_recipient(), make_recipient()
    query.rows(person=maria.pk, now=NOW)
    before = len(built)
    later = NOW + timedelta(days=3)
    Pause.objects.create(
        recipient=maria, starts_at=NOW, ends_at=later, source=Source.PREFERENCE_PAGE
    )
    assert query.rows(person=maria.pk, now=NOW) == [(later,)]
    assert query.rows(person=maria.pk, now=later) == []
    assert query.rows(person=ugo.pk, now=NOW) == []
    assert len(built) == before


def test_a_query_that_can_find_nothing_finds_nothing() -> None:
    nobody = Prepared(lambda: Recipient.objects.none().values_list("pk"))
    assert nobody.rows() == []


def test_a_percent_sign_in_the_sql_stays_one() -> None:
    maria = make_recipient()
    share = RawSQL("'100%%s %%'", [])
    query = Prepared(
        lambda: (
            Recipient.objects.filter(pk=asked_key("person")).annotate(share=share)
        ).values_list("pk", "share")
    )
    assert query.rows(person=maria.pk) == [(maria.pk, "100%s %")]
    with kept_plans():
        assert query.rows(person=maria.pk) == [(maria.pk, "100%s %")]


def test_a_row_comes_with_those_its_keys_lead_to() -> None:
    maria = make_recipient()
    pause = Pause.objects.create(
        recipient=maria, starts_at=NOW, ends_at=NOW + timedelta(days=1), source=Source.STAFF
    )
    row = PreparedRow(Pause, "recipient", by={"pk": asked_key("pause")})
    found = row.first(pause=pause.pk)
    assert found == pause
    assert (found.ends_at, found.recipient.public_id) == (pause.ends_at, maria.public_id)
    assert row.first(pause=0) is None
