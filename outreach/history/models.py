from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.tenant_rows import Root


class HistoryEntry(Root):
    """Who did what to which row. Append-only; names the person by key, so that users may go."""

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_key = models.CharField(max_length=64, blank=True, editable=False)
    actor_name = models.CharField(_("who"), max_length=200, editable=False)
    subject_model = models.CharField(max_length=64, editable=False)
    subject_key = models.CharField(max_length=64, editable=False)
    verb = models.CharField(_("what"), max_length=64, editable=False)
    note = models.TextField(_("note"), blank=True, editable=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        indexes = [
            models.Index(
                fields=["subject_model", "subject_key", "at"], name="outreach_history_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb}"
