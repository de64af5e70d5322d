"""Index of tasks, for Celery's discovery: one for each periodic function. No logic."""

from collections.abc import Callable

from celery import shared_task

from outreach.periodic import PERIODIC, Periodic


def _run(periodic: Periodic) -> Callable[[], None]:
    """A plain function, since Celery looks at what it is given."""

    def run() -> None:
        periodic.run()

    return run


for _periodic in PERIODIC:
    shared_task(name=_periodic.task, ignore_result=True)(_run(_periodic))
