"""The read-only check of what must always be true; CI runs it after every crash and race."""

from dataclasses import dataclass

from django.db.models import QuerySet

from outreach.workplace.doctor import (
    approval,
    consent,
    messages,
    periodic_work,
    replies,
    sign_ups,
)
from outreach.workplace.doctor.statement import Statement

STATEMENTS: tuple[Statement, ...] = (
    *periodic_work.STATEMENTS,
    *messages.STATEMENTS,
    *approval.STATEMENTS,
    *consent.STATEMENTS,
    *replies.STATEMENTS,
    *sign_ups.STATEMENTS,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a statement does not hold, with the keys of a few rows to look at."""

    statement: Statement
    violations: int
    examples: tuple[str, ...]


def examine() -> list[Finding]:
    """Ask every statement; nothing is written."""
    return [_ask(statement) for statement in sorted(STATEMENTS, key=lambda s: s.number)]


def _ask(statement: Statement) -> Finding:
    rows = statement.violations()
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    examples = tuple(str(row) for row in rows[:5]) if count else ()
    return Finding(statement, count, examples)
