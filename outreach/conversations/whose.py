"""Whose a mail is, before it is kept: in a host with tenants it comes without one."""

from typing import Any
from uuid import UUID

from outreach.conversations.match import answered
from outreach.conversations.parse import addressees
from outreach.links.reply import Kind, read_reply_address
from outreach.tenancy import current_tenant, has_tenants, tenancy, tenants_to_ask


def whose(kept: dict[str, Any]) -> list[str]:
    """The tenants whose messages it answers by our reply addresses, else the one under way.

    Never raises: a mail that cannot be read is kept all the same.
    """
    if not has_tenants():
        return [current_tenant()]
    try:
        read = [key for address in addressees(kept) if (key := read_reply_address(address))]
    except Exception:  # a hostile mail may make its parser raise anything
        read = []
    found = dict.fromkeys(tenant for kind, key in read for tenant in _holders(kind, key))
    return list(found) or [current_tenant()]


def _holders(kind: Kind, key: UUID) -> list[str]:
    return [tenant for tenant in tenants_to_ask(key) if _holds(tenant, kind, key)]


def _holds(tenant: str, kind: Kind, key: UUID) -> bool:
    with tenancy().activate(tenant):
        return answered(kind, key) is not None
