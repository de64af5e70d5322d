"""Tables to which rows are only ever added; the database refuses the rest (see `triggers`)."""

from typing import ClassVar

from django.apps import apps
from django.db import models


class AppendOnly(models.Model):
    """Base of such a table.

    `may_be_emptied` names text columns that an erasure may set to "", and nothing else.
    """

    may_be_emptied: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


def append_only_tables() -> list[type[AppendOnly]]:
    """Every such table of outreach."""
    return [
        model
        for model in apps.get_app_config("outreach").get_models()
        if issubclass(model, AppendOnly) and not model._meta.proxy
    ]
