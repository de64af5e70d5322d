"""Whose each row of ours is: tables that say it themselves, and the parts of such.

Where the host has tenants, managers show the rows of the tenant under way and no others. Without
any they do nothing.
"""

from collections import deque
from typing import Any, TypeVar

from django.db.models import (
    CharField,
    Exists,
    Expression,
    Field,
    ForeignKey,
    Manager,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from outreach.tenancy import current_tenant, has_tenants

M = TypeVar("M", bound=Model)


class OwnRows(Manager[M]):
    """The rows of the tenant under way when the query is run, not when it was written."""

    def get_queryset(self) -> QuerySet[M]:
        rows = super().get_queryset()
        return rows.filter(_is_own(self.model)) if has_tenants() else rows


class Root(Model):
    """Base of a table that says whose each row is."""

    tenant = CharField(max_length=64, blank=True, default=current_tenant, editable=False)

    objects = OwnRows()

    class Meta:
        abstract = True


class Part(Model):
    """Base of a table whose rows belong to whom the row above them belongs."""

    objects = OwnRows()

    class Meta:
        abstract = True


def key_up(model: type[Model]) -> "ForeignKey[Any, Any] | None":
    """The key of a part that leads to a root by the shortest way; None for a root.

    Raises LookupError for a table from which no chain of keys that are never null leads to one.
    """
    if issubclass(model, Root):
        return None
    ways = deque([(key, key) for key in _keys(model)])
    seen = {model}
    while ways:
        first, key = ways.popleft()
        above = key.related_model
        if issubclass(above, Root):
            return first
        if above not in seen:
            seen.add(above)
            ways.extend((first, further) for further in _keys(above))
    raise LookupError(f"{model.__name__} has no tenant, and no key that leads to a row with one.")


def _keys(model: type[Model]) -> "list[ForeignKey[Any, Any]]":
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and not field.null
    ]


def _is_own(model: type[Model]) -> Q | Exists:
    """Without a join, so that an UPDATE looks at the row itself when it has waited for a lock."""
    key = key_up(model)
    if key is None:
        return Q(tenant=_UnderWay())
    above = key.related_model
    return Exists(above._base_manager.filter(_is_own(above), pk=OuterRef(key.attname)))


class _UnderWay(Expression):
    output_field: "Field[Any, Any]" = CharField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = compiler.compile(Value(current_tenant(), output_field=self.output_field))
        return sql, params
