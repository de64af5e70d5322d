from outreach.signals import run_started


def connect() -> None:
    run_started.connect(_wake_a_worker, dispatch_uid="outreach.dispatch")


def _wake_a_worker(*, run_id: int, **kwargs: object) -> None:
    """A wake-up where Celery is there; without it the next tick finds the run."""
    from outreach.periodic import wake

    wake("dispatch")
