"""Index of tasks, for Celery's discovery: one for each periodic function. No logic."""

from celery import shared_task

from outreach.periodic import PERIODIC

for _periodic in PERIODIC:
    shared_task(name=_periodic.task, ignore_result=True)(_periodic.run)
