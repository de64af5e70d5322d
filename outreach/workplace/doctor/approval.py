"""Statement 5: nothing is handed over that another person did not approve as it stands."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from outreach.approvals.models import ApprovalRequest, Decision
from outreach.campaigns.models import Contributor
from outreach.ledger.models import Run
from outreach.workplace.doctor.statement import Statement

Keys = QuerySet[Any, Any]
APPROVALS = Decision.objects.filter(verdict=Decision.Verdict.APPROVE)


def sent_without_approval() -> Keys:
    approved = APPROVALS.filter(
        request__run=OuterRef("pk"),
        request__state=ApprovalRequest.State.APPROVED,
        fingerprint=F("request__fingerprint"),
    )
    begun = Run.objects.filter(started_at__isnull=False)
    return begun.filter(~Exists(approved)).values_list("pk", flat=True)


def approved_by_its_author() -> Keys:
    wrote = Contributor.objects.filter(
        campaign=OuterRef("request__campaign"), actor_key=OuterRef("by_key")
    )
    in_force = APPROVALS.filter(request__state=ApprovalRequest.State.APPROVED)
    return in_force.filter(Q(Exists(wrote)) | Q(by_key=F("request__submitted_by_key"))).values_list(
        "pk", flat=True
    )


def decided_without_a_decision() -> Keys:
    decided = ApprovalRequest.objects.filter(
        state__in=[
            ApprovalRequest.State.APPROVED,
            ApprovalRequest.State.CHANGES,
            ApprovalRequest.State.REFUSED,
        ]
    )
    decision = Decision.objects.filter(request=OuterRef("pk"))
    return decided.filter(~Exists(decision)).values_list("pk", flat=True)


STATEMENTS = (
    Statement(5, "Nothing was sent without an approval of what was sent", sent_without_approval),
    Statement(5, "Nobody approved what they wrote or submitted", approved_by_its_author),
    Statement(13, "Every decided request has its decision", decided_without_a_decision),
)
