from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking

from outreach.tenancy import current_tenant, has_tenants, tenancy, tenants_marked
from outreach.tracking import attempts
from outreach.tracking.apply import apply, key_of
from outreach.tracking.keep import keep
from outreach.tracking.subjects import named_in, register


def connect() -> None:
    register(attempts.METADATA_NAME, attempts.take)
    tracking.connect(_take_report, dispatch_uid="outreach.tracking")


def _take_report(*, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Store, then act. Only a failure to store raises: then the provider sends it again."""
    for tenant in _whose(event):
        with tenancy().activate(tenant):
            apply(keep(event, esp_name))


def _whose(event: AnymailTrackingEvent) -> list[str]:
    """The tenant whose message the metadata names, else the one under way."""
    key = key_of(named_in(event.metadata)[1])
    return (tenants_marked(key) if key and has_tenants() else []) or [current_tenant()]
