from django.db.models import QuerySet

from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address, Channel, Recipient
from outreach.recipients.normalise import BadAddress, normalise_email
from outreach.tenancy import current_tenant


def address_row(channel: str, raw: str, *, tenant: str | None = None) -> Address | None:
    """What we hold of an address as a person typed it; None if nothing, or if it is none."""
    try:
        value = normalise_email(raw) if channel == Channel.EMAIL else raw
    except BadAddress:
        return None
    return Address.objects.filter(
        tenant=current_tenant() if tenant is None else tenant,
        channel=channel,
        value_hash=address_hash(channel, value),
    ).first()


def recipients_at(channel: str, raw: str, *, tenant: str | None = None) -> QuerySet[Recipient]:
    """Everybody who is reached at an address."""
    address = address_row(channel, raw, tenant=tenant)
    return Recipient.objects.filter(held__address=address) if address else Recipient.objects.none()
