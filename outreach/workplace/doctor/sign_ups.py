from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from outreach.preferences.models import Act, ConsentRecord
from outreach.signups.models import SignUp
from outreach.workplace.doctor.statement import Statement

GRACE = timedelta(hours=1)


def not_forgotten() -> "QuerySet[SignUp, int]":
    over = SignUp.objects.filter(expires_at__lt=timezone.now() - GRACE)
    return over.exclude(address_hash="").values_list("pk", flat=True)


def without_proof() -> "QuerySet[SignUp, int]":
    proof = ConsentRecord.objects.filter(
        recipient=OuterRef("recipient"), act=Act.GRANT, source=OuterRef("source")
    )
    confirmed = SignUp.objects.filter(state=SignUp.State.CONFIRMED)
    return confirmed.filter(~Exists(proof)).values_list("pk", flat=True)


STATEMENTS = (
    Statement(8, "Every confirmed sign-up has its proof in the ledger", without_proof),
    Statement(0, "Sign-ups that nobody confirmed are forgotten", not_forgotten),
)
