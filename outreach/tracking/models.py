from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.tenant_rows import Root


class ProviderEvent(Root):
    """What a provider reported, kept before it is acted on, so that nothing is lost."""

    class State(models.TextChoices):
        NEW = "new", _("to be looked at")
        APPLIED = "applied", _("taken in")
        UNMATCHED = "unmatched", _("belongs to no message of ours")
        FAILED = "failed", _("could not be taken in")

    provider = models.CharField(_("provider"), max_length=40)
    event_type = models.CharField(_("what"), max_length=40)
    message_id = models.CharField(max_length=200, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    happened_at = models.DateTimeField(_("when"))
    reject_reason = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=250, blank=True)
    smtp_reply = models.TextField(blank=True)
    bounce_type = models.CharField(max_length=60, blank=True)
    dedupe_key = models.CharField(max_length=200, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, db_index=True
    )
    error = models.CharField(_("error"), max_length=250, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("provider report")
        verbose_name_plural = _("provider reports")
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key", "tenant"], name="outreach_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_type}"
