"""PostgreSQL's row-level security on our own tables: the database itself keeps tenants apart."""

import re

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from outreach.tenant_rows import Part, Root, key_up

POLICY = "outreach_tenant"
_SETTING = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)+")


def guarded() -> list[type[Model]]:
    """Every table whose rows are somebody's."""
    models = apps.get_app_config("outreach").get_models(include_auto_created=True)
    return [m for m in models if issubclass(m, Root | Part) and not m._meta.proxy]


def statements(setting: str, connection: BaseDatabaseWrapper) -> list[str]:
    """SQL that puts the policies in force, or anew, for the tenant in the setting named.

    Raises ValueError for what is no name of a setting of one's own.
    """
    if not _SETTING.fullmatch(setting):
        raise ValueError(f"{setting!r} is no name of a setting, which is like app.tenant.")
    return [line for model in guarded() for line in _statements(model, setting, connection)]


def unguarded(alias: str) -> list[str]:
    """The tables that lack what others of ours have; none where nothing is guarded."""
    tables = [model._meta.db_table for model in guarded()]
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_policies WHERE policyname = %s"
            " AND schemaname = current_schema()",
            [POLICY],
        )
        done = {name for (name,) in cursor.fetchall()}
    return [table for table in tables if table not in done] if done else []


def _statements(model: type[Model], setting: str, connection: BaseDatabaseWrapper) -> list[str]:
    table = connection.ops.quote_name(model._meta.db_table)
    own = _own(model, setting, connection)
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",  # binds the owner of the table, too
        f"DROP POLICY IF EXISTS {POLICY} ON {table}",
        f"CREATE POLICY {POLICY} ON {table} USING ({own}) WITH CHECK ({own})",
    ]


def _own(model: type[Model], setting: str, connection: BaseDatabaseWrapper) -> str:
    """A part is seen with the row above it, which has a policy of its own."""
    key, quote = key_up(model), connection.ops.quote_name
    if key is None:
        return f"tenant = coalesce(current_setting('{setting}', true), '')"
    table, above = quote(model._meta.db_table), quote(key.related_model._meta.db_table)
    same = f"up.{quote(str(key.target_field.column))} = {table}.{quote(key.column)}"
    return f"EXISTS (SELECT 1 FROM {above} up WHERE {same})"  # noqa: S608  (names of our own)
