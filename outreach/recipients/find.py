from collections import defaultdict
from collections.abc import Collection

from django.db.models import QuerySet

from outreach.recipients.hashing import address_hash
from outreach.recipients.models import Address, Channel, Recipient, RecipientAddress
from outreach.recipients.normalise import BadAddress, normalise_email
from outreach.tenancy import current_tenant


def address_row(channel: str, raw: str, *, tenant: str | None = None) -> Address | None:
    """What we hold of an address as a person typed it; None if nothing, or if it is none."""
    hashed = _hash_of(channel, raw)
    if not hashed:
        return None
    return Address.objects.filter(
        tenant=current_tenant() if tenant is None else tenant, channel=channel, value_hash=hashed
    ).first()


def recipients_at(channel: str, raw: str, *, tenant: str | None = None) -> QuerySet[Recipient]:
    """Everybody who is reached at an address."""
    address = address_row(channel, raw, tenant=tenant)
    return Recipient.objects.filter(held__address=address) if address else Recipient.objects.none()


def people_at(raws: Collection[str]) -> dict[str, list[RecipientAddress]]:
    """Who is reached, on whatever channel, at each of many addresses as somebody typed them."""
    typed: dict[str, list[str]] = defaultdict(list)
    for raw in raws:
        for channel in Channel:
            if hashed := _hash_of(channel, raw):
                typed[hashed].append(raw)
    held = RecipientAddress.objects.filter(
        address__tenant=current_tenant(), address__value_hash__in=list(typed)
    )
    found: dict[str, list[RecipientAddress]] = defaultdict(list)
    for row in held.select_related("address").order_by("recipient", "pk"):
        for raw in typed[row.address.value_hash]:
            found[raw].append(row)
    return found


def _hash_of(channel: str, raw: str) -> str:
    try:
        return address_hash(channel, normalise_email(raw) if channel == Channel.EMAIL else raw)
    except BadAddress:
        return ""
