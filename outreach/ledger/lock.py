from outreach.ledger.models import TenantLock


def lock_tenant(tenant: str) -> None:
    """One at a time in this tenant, until the transaction ends: freezing, reserving (7)."""
    TenantLock.objects.get_or_create(tenant=tenant)
    TenantLock.objects.select_for_update().get(tenant=tenant)
