"""System checks of what contact sources say of the CRM; nothing is asked of its tables."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import FieldError, ImproperlyConfigured

from outreach.groups.facts import Kind
from outreach.recipients.sources import ContactSource, sources


@register(Tags.models)
def check_paths(**kwargs: Any) -> list[CheckMessage]:
    """E012, E013: what a contact source says of the CRM, held against its tables, unasked."""
    try:
        known = [source for source in sources().values() if source.model_class()]
    except (ImproperlyConfigured, LookupError, ValueError):
        return []  # E006
    found: list[CheckMessage] = []
    for source in known:
        found += _wrong_paths(source)
        found += _wrong_kinds(source)
    return found


def _wrong_paths(source: ContactSource) -> Iterator[CheckMessage]:
    names = (*source._paths, "tenant")
    named = {name: path for name in names if (path := getattr(source, name))}
    opened = {
        f"segment_fields[{name!r}]": field.path for name, field in source.segment_fields.items()
    }
    for name, path in {**named, **opened}.items():
        try:
            source.queryset().order_by().values_list(path)
        except FieldError as error:
            yield Error(
                f"{type(source).__name__}.{name} is {path!r}: {error}",
                hint="Correct the path, as you would write it in values(), or leave it out.",
                id="outreach.E012",
            )


def _wrong_kinds(source: ContactSource) -> Iterator[CheckMessage]:
    for name, opened in source.segment_fields.items():
        if opened.kind not in set(Kind):
            yield Error(
                f"{type(source).__name__}.segment_fields[{name!r}] is of the kind "
                f"{opened.kind!r}, which there is not.",
                hint=f"Choose one of: {', '.join(sorted(Kind))}.",
                id="outreach.E013",
            )
