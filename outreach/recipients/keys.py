"""The keys of the CRM's rows, as one text that is the same on every database."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import (
    CharField,
    CompositePrimaryKey,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)


def canonical_key(pk: object) -> str:
    """A primary key as text, the same on every database.

    UUIDs are 32 hexadecimal digits, keys of several columns a JSON list.
    """
    if isinstance(pk, tuple):
        return json.dumps([part if isinstance(part, int) else canonical_key(part) for part in pk])
    return pk.hex if isinstance(pk, UUID) else str(pk)


def pk_of(model: type[Model], key: str) -> Any:
    """The primary key that a text stands for; None if it can stand for none of this model's."""
    field = model._meta.pk
    try:
        if isinstance(field, CompositePrimaryKey):
            return tuple(json.loads(key))
        return field.to_python(key)
    except (ValidationError, ValueError, TypeError):
        return None


def key_field(model: type[Model]) -> "Field[Any, Any]":
    """The column in which a model's key really lives."""
    field = model._meta.pk
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


def is_plain(key: "Field[Any, Any]") -> bool:
    """Whether the database casts such a key to the very text that Python makes of it."""
    is_djangos_own = type(key).__module__.startswith("django.db.models.fields")
    return is_djangos_own and isinstance(key, IntegerField | CharField | TextField | UUIDField)
