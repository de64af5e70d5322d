from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking

from outreach.tracking import attempts
from outreach.tracking.apply import apply
from outreach.tracking.keep import keep
from outreach.tracking.subjects import register


def connect() -> None:
    register(attempts.METADATA_NAME, attempts.take)
    tracking.connect(_take_report, dispatch_uid="outreach.tracking")


def _take_report(*, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Store, then act. Only a failure to store raises: then the provider sends it again."""
    apply(keep(event, esp_name))
