"""Not a statement about rows: whether the work that keeps the others true is being done."""

from outreach.workplace.doctor.statement import Statement
from outreach.workplace.heartbeat import has_ever_run, is_awaited, late_parts

NEVER_RAN = "none of it, ever"


def not_running() -> list[str]:
    """The names of the parts that are late."""
    if not has_ever_run():
        return [NEVER_RAN] if is_awaited() else []
    return [part.name for part in late_parts()]


STATEMENTS = (Statement(0, "The periodic work runs", not_running),)
