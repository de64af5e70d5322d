from typing import Any

from outreach.approvals.void import void_stale_of
from outreach.signals import campaign_edited


def connect() -> None:
    campaign_edited.connect(_void, dispatch_uid="outreach.approvals.void")


def _void(*, campaign_id: int, **kwargs: Any) -> None:
    void_stale_of(campaign_id)
