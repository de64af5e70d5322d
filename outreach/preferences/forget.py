"""Erase the words of a person from what this room keeps (B12).

The ledger and its fold stay, ids without words: the proof that the law allows.
"""

from django.db.models import Q

from outreach.history.forget import forget_notes
from outreach.preferences.declaration_models import DeclaredPerson
from outreach.preferences.models import (
    ConsentEvidence,
    Pause,
    RenewalRequest,
    Suppression,
)
from outreach.preferences.suppress import suppress
from outreach.recipients.held import Erasure

LIFTED_WHY = "Erased with the person."


def forget(erasure: Erasure) -> None:
    person, own = erasure.recipient, [address.pk for address in erasure.own]
    ConsentEvidence.objects.filter(record__recipient=person).delete()
    RenewalRequest.objects.filter(record__recipient=person).delete()
    Pause.objects.filter(recipient=person).delete()
    DeclaredPerson.objects.filter(recipient=person).update(source="", wording="")
    stops = Suppression.objects.filter(Q(recipient=person) | Q(address__in=own))
    stops.update(note="")
    stops.exclude(lift_reason="").update(lift_reason=LIFTED_WHY)
    forget_notes(Suppression, stops.values_list("pk", flat=True))
    _stop_for_good(erasure)


def _stop_for_good(erasure: Erasure) -> None:
    """By person and by the hash of each address that was theirs alone."""
    for address in erasure.own or (None,):
        suppress(
            reason=Suppression.Reason.ERASED,
            by=erasure.by,
            recipient=erasure.recipient,
            address=address,
        )
