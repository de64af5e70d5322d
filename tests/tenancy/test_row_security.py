from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from outreach.ledger.models import Attempt
from outreach.preferences.models import Topic
from outreach.workplace.row_security import guarded, statements


def _rls(**options: Any) -> str:
    said = StringIO()
    call_command("outreach_rls", stdout=said, **{"setting": "app.tenant", **options})
    return said.getvalue()


def _policy(table: str) -> str:
    start = f'CREATE POLICY outreach_tenant ON "{table}" '
    (line,) = [line for line in statements("app.tenant", connection) if line.startswith(start)]
    return line


def test_a_root_is_seen_by_its_tenant() -> None:
    own = "tenant = coalesce(current_setting('app.tenant', true), '')"
    assert _policy(Topic._meta.db_table).endswith(f"USING ({own}) WITH CHECK ({own})")


def test_a_part_is_seen_with_the_row_above_it() -> None:
    own = (
        'EXISTS (SELECT 1 FROM "outreach_delivery" up '
        'WHERE up."id" = "outreach_attempt"."delivery_id")'
    )
    assert _policy(Attempt._meta.db_table).endswith(f"USING ({own}) WITH CHECK ({own})")


@pytest.mark.parametrize("setting", ["tenant", "", "app.", "app.tenant'; DROP", "App.Tenant"])
def test_only_a_setting_of_ones_own_will_do(setting: str) -> None:
    with pytest.raises(ValueError, match="no name of a setting"):
        statements(setting, connection)


def test_where_there_is_no_such_thing_it_says_so() -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="Only PostgreSQL has it"):
            _rls()


@pytest.mark.postgres
@pytest.mark.django_db
def test_every_table_gets_its_policy_as_often_as_it_is_asked() -> None:
    for _time in range(2):
        assert f"{len(guarded())} tables" in _rls()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid "
            "WHERE relrowsecurity AND relforcerowsecurity"
        )
        found = sorted(name for (name,) in cursor.fetchall())
    assert found == sorted(model._meta.db_table for model in guarded())


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_sql_can_be_read_first_and_changes_nothing() -> None:
    said = _rls(sql=True)
    assert said.count("CREATE POLICY") == len(guarded())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_policies")
        assert cursor.fetchone() == (0,)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_table_without_a_policy_among_those_that_have_one_is_told() -> None:
    assert "outreach.W010" not in {each.id for each in run_checks(databases=["default"])}
    _rls()
    assert "outreach.W010" not in {each.id for each in run_checks(databases=["default"])}
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY outreach_tenant ON outreach_topic")
    (told,) = [e for e in run_checks(databases=["default"]) if e.id == "outreach.W010"]
    assert "outreach_topic" in told.msg


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_host_without_tenants_is_told_what_comes_first(settings: Settings) -> None:
    settings.OUTREACH = {**settings.OUTREACH, "TENANCY": "", "CONTACT_SOURCES": []}
    with pytest.raises(CommandError, match="TENANCY"):
        _rls()


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_wrong_setting_is_told_as_such() -> None:
    with pytest.raises(CommandError, match="no name of a setting"):
        _rls(setting="tenant")
