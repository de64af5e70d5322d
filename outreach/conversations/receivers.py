from typing import Any

from anymail.signals import AnymailInboundEvent, inbound

from outreach.conversations import reported
from outreach.conversations.keep import keep_mail, what_came
from outreach.conversations.take import take
from outreach.conversations.whose import whose
from outreach.tenancy import tenancy
from outreach.tracking.subjects import register


def connect() -> None:
    register(reported.METADATA_NAME, reported.take)
    inbound.connect(_take_mail, dispatch_uid="outreach.conversations")


def _take_mail(*, event: AnymailInboundEvent, esp_name: str, **kwargs: Any) -> None:
    """Keep, then read. Only a failure to keep raises: then the provider sends it again."""
    kept = what_came(event)
    for tenant in whose(kept):
        with tenancy().activate(tenant):
            take(keep_mail(event, esp_name, kept))
