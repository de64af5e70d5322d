from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.campaigns.models import Campaign
from outreach.ledger.models import Run
from outreach.tenant_rows import Part


class ApprovalRequest(Part):
    """A campaign put before another person, as it stood: `fingerprint` names text and audience.

    `content` is what it names, so that a later look can show what has changed since. `open_slot`
    is the campaign's id while the request is open or approved and not voided.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits")
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("changes asked for")
        REFUSED = "refused", _("refused")
        VOIDED = "voided", _("taken back by a change")

    LIVE = (State.OPEN, State.APPROVED)

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="requests")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="requests")
    open_slot = models.OneToOneField(
        Campaign, null=True, on_delete=models.PROTECT, related_name="live_request"
    )
    fingerprint = models.CharField(max_length=64)
    content = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    submitted_by_key = models.CharField(max_length=64)
    submitted_by = models.CharField(_("submitted by"), max_length=200)
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.campaign}: {self.get_state_display()}"


class Decision(Part):
    """What an approver said, and when. Append-only."""

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approved")
        CHANGES = "changes", _("asked for changes")
        REFUSE = "refuse", _("refused")

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    fingerprint = models.CharField(max_length=64)
    by_key = models.CharField(max_length=64)
    by = models.CharField(_("by"), max_length=200)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.by}: {self.get_verdict_display()}"
