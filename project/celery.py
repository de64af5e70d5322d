"""The demo's Celery app: outreach brings its tasks and the list of what is periodic."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

TRANSPORT_ALIASES["wake-up"] = "project.wake_up:Transport"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def add_periodic_work(sender: Celery, **kwargs: object) -> None:
    from outreach.periodic import celery_schedule

    sender.conf.beat_schedule = celery_schedule()
