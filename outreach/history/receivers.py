"""After each `migrate` the triggers of append-only tables are put back."""

from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models.signals import post_migrate

from outreach.history.triggers import put_back


def connect() -> None:
    post_migrate.connect(
        _put_back,
        sender=apps.get_app_config("outreach"),
        dispatch_uid="outreach.history.triggers",
    )


def _put_back(*, using: str, **kwargs: Any) -> None:
    put_back(connections[using])
