from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.calendars.models import BusinessCalendar
from outreach.conversations.models import Conversation, Message
from outreach.tenancy import current_tenant
from outreach.tenant_rows import Part, Root


class ReplyPolicy(Root):
    """How soon people are answered, and on which days that counts (B4)."""

    tenant = models.CharField(
        max_length=64, blank=True, default=current_tenant, unique=True, editable=False
    )
    first_response_within = models.DurationField(
        _("first answer within"),
        default=timedelta(hours=24),
        help_text=_("Hours and minutes, as 24:00:00. Days on which you are closed do not count."),
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opening days"),
        help_text=_("Empty means the calendar used by default; without any, every day counts."),
    )

    class Meta:
        verbose_name = _("reply time")
        verbose_name_plural = _("reply times")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first_response_within__gt=timedelta(0)),
                name="outreach_reply_policy_positive",
            )
        ]

    def __str__(self) -> str:
        return str(_("Reply time"))


class Clock(Part):
    """The time in which one message of a person has to be answered (statements 11 and 12).

    `running_slot` is the conversation's id while the clock runs. `breached_at` is only ever set.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="clocks")
    running_slot = models.OneToOneField(
        Conversation, null=True, on_delete=models.PROTECT, related_name="running_clock"
    )
    started_by = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="clock")
    started_at = models.DateTimeField(_("waiting since"))
    due_at = models.DateTimeField(_("answer due"))
    stopped_by = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="stopped_clocks"
    )
    stopped_at = models.DateTimeField(_("answered"), null=True)
    breached_at = models.DateTimeField(_("late since"), null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        verbose_name = _("reply clock")
        verbose_name_plural = _("reply clocks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    running_slot__isnull=False, stopped_at__isnull=True, stopped_by__isnull=True
                )
                | models.Q(
                    running_slot__isnull=True, stopped_at__isnull=False, stopped_by__isnull=False
                ),
                name="outreach_clock_runs_or_stopped",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gte=models.F("started_at")),
                name="outreach_clock_due_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["breached_at", "stopped_at", "due_at"], name="outreach_clock_due")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.due_at:%Y-%m-%d %H:%M}"
