"""The columns of a stop: whom or what it binds, why, since when, and how it was lifted."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.recipients.models import Address, Channel, Recipient
from outreach.tenant_rows import Root


class Stop(Root):
    """`live_key` is set while the row is in force and empty once lifted, so that one cause is held
    once without a partial index.
    """

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", _("the address does not exist")
        COMPLAINT = "complaint", _("marked a message as spam")
        UNSUBSCRIBED = "unsubscribed", _("asked us to stop all messages")
        MANUAL = "manual", _("entered by staff")
        ERASED = "erased", _("asked to be erased")
        IMPORTED = "imported", _("on a list that was brought in")

    channel = models.CharField(
        _("channel"),
        max_length=8,
        choices=Channel.choices,
        blank=True,
        help_text=_("Empty means all channels."),
    )
    recipient = models.ForeignKey(
        Recipient,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suppressions",
        verbose_name=_("person"),
    )
    address = models.ForeignKey(
        Address,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suppressions",
        verbose_name=_("address"),
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices)
    note = models.TextField(_("note"), blank=True)
    since_at = models.DateTimeField(_("since"), default=timezone.now)
    actor_name = models.CharField(_("by"), max_length=200, blank=True)
    live_key = models.CharField(max_length=100, null=True, unique=True, editable=False)  # noqa: DJ001
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=200, blank=True)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)

    class Meta:
        abstract = True
        ordering = ["-since_at", "-pk"]
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | models.Q(address__isnull=False),
                name="outreach_suppression_binds_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True)
                | ~models.Q(models.Q(lift_reason="") | models.Q(lifted_by="")),
                name="outreach_suppression_lifted_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, live_key__isnull=False)
                | models.Q(lifted_at__isnull=False, live_key__isnull=True),
                name="outreach_suppression_live_or_lifted",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
