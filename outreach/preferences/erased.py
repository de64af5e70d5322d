"""Which addresses stay erased, whatever the CRM says of them later."""

from collections.abc import Collection

from outreach.preferences.models import Suppression
from outreach.recipients.models import Address


def stay_erased(address_ids: Collection[int]) -> set[int]:
    """Those of these addresses that somebody asked us to erase."""
    stops = Suppression.objects.filter(
        reason=Suppression.Reason.ERASED, lifted_at__isnull=True, address__in=address_ids
    )
    return set(Address.objects.filter(suppressions__in=stops).values_list("pk", flat=True))
