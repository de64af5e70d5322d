"""The system check of row-level security, where the host has it."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from outreach.workplace.row_security import unguarded


@register(Tags.database)
def check_row_security(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W010: a table that came with an upgrade shows every tenant's rows to all."""
    return [
        checks.Warning(
            f"These tables have no row-level security, as others have: {', '.join(open_to_all)}.",
            hint="Run `manage.py outreach_rls --setting …` after each `migrate`.",
            id="outreach.W010",
        )
        for alias in databases or []
        if connections[alias].vendor == "postgresql" and (open_to_all := unguarded(alias))
    ]
