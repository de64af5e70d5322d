"""What providers reported on messages to a person: nothing to show beside the messages, but to
erase, since they quote addresses.
"""

from collections.abc import Collection

from django.db.models import Q

from outreach.ledger.models import Attempt
from outreach.recipients.held import Erasure, Holding, register
from outreach.tracking.models import ProviderEvent


class ReportsHolding(Holding):
    position = 50
    tables = (ProviderEvent,)

    def erase(self, erasure: Erasure) -> None:
        attempts = Attempt.objects.filter(delivery__recipient=erasure.recipient)
        keys, message_ids = set(), set()
        for key, message_id in attempts.values_list("key", "provider_message_id"):
            keys |= {key.hex, str(key)}
            message_ids |= {message_id} - {""}
        forget_reports(keys, message_ids, quoting=erasure.values)


def forget_reports(
    keys: Collection[str], message_ids: Collection[str], *, quoting: Collection[str] = ()
) -> None:
    """Empty the words of reports on these messages, and of any that quotes these addresses."""
    about = Q(subject_key__in=keys) | Q(message_id__in=message_ids)
    for address in quoting:
        about |= Q(description__icontains=address) | Q(smtp_reply__icontains=address)
        about |= Q(error__icontains=address)
    ProviderEvent.objects.filter(about).update(description="", smtp_reply="", error="")


def register_holdings() -> None:
    register(ReportsHolding())
